/** The last work of each instance that was asked for. */
export type Turns = Map<string, Promise<unknown>>;

/** What concerns one instance happens one after the other. */
export function inTurn<T>(turns: Turns, instanceId: string, work: () => Promise<T>): Promise<T> {
  const turn = (turns.get(instanceId) ?? Promise.resolve()).then(work, work);
  turns.set(instanceId, turn);
  const forget = () => {
    if (turns.get(instanceId) === turn) turns.delete(instanceId);
  };
  turn.then(forget, forget);
  return turn;
}

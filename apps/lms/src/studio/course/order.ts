import type { StudioModule } from '@preau/contract/tenant/studio';

/** The order after a move, and what to say of it. Positions count from 1. */
export interface Move {
  modules: StudioModule[];
  title: string;
  position: number;
  total: number;
}

/** Puts a module at a place (from 0); nothing where it is there already. */
export function moveModule(modules: readonly StudioModule[], id: string, place: number): Move | undefined {
  const from = modules.findIndex((module) => module.id === id);
  const moved = modules[from];
  if (!moved || place < 0 || place >= modules.length || place === from) return undefined;
  const rest = modules.filter((module) => module.id !== id);
  rest.splice(place, 0, moved);
  return { modules: rest, title: moved.title, position: place + 1, total: rest.length };
}

/** Puts an activity at a place (from 0) of a module, which may be another one. */
export function moveActivity(
  modules: readonly StudioModule[],
  id: string,
  moduleId: string,
  place: number,
): Move | undefined {
  const moved = modules.flatMap((module) => module.activities).find((activity) => activity.id === id);
  const home = modules.find((module) => module.activities.some((activity) => activity.id === id));
  if (!moved || !home || place < 0) return undefined;
  if (home.id === moduleId && home.activities.findIndex((activity) => activity.id === id) === place)
    return undefined;
  let position = 0;
  let total = 0;
  const next = modules.map((module) => {
    const activities = module.activities.filter((activity) => activity.id !== id);
    if (module.id === moduleId) {
      activities.splice(Math.min(place, activities.length), 0, moved);
      position = activities.indexOf(moved) + 1;
      total = activities.length;
    }
    return { ...module, activities };
  });
  return position > 0 ? { modules: next, title: moved.title, position, total } : undefined;
}

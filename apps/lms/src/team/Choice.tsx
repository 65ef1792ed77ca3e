'use client';

import { useForm } from '@/components/ui/Form';

/** Which people of the team a form is about. */
export function Choice({ label, people }: { label: string; people: { id: string; name: string }[] }) {
  const { state } = useForm();
  const error = state.errors?.userIds;
  return (
    <fieldset aria-describedby={error ? 'team-people-error' : undefined}>
      <legend className="text-sm font-semibold">{label}</legend>
      <div className="mt-2 grid max-h-60 gap-1 overflow-y-auto">
        {people.map(({ id, name }) => (
          <label key={id} className="flex min-h-8 items-center gap-3 text-sm">
            <input type="checkbox" name="userIds" value={id} className="size-5 accent-brand" />
            <span className="break-words">{name}</span>
          </label>
        ))}
      </div>
      {error && (
        <p id="team-people-error" className="mt-1 text-sm font-medium text-danger-text">
          {error}
        </p>
      )}
    </fieldset>
  );
}

import { classes } from './classes';
import { inputStyle } from './inputStyle';

/** What a list is searched for, in the form of its filters. */
export function SearchField({ label, value }: { label: string; value: string | undefined }) {
  return (
    <label className="grid gap-1 text-sm font-semibold">
      {label}
      <input
        name="search"
        type="search"
        defaultValue={value}
        maxLength={200}
        className={classes(inputStyle, 'h-10 font-normal')}
      />
    </label>
  );
}

'use client';

import type { ComponentProps, ReactNode } from 'react';
import { classes } from './classes';
import { useForm } from './Form';
import { inputStyle } from './inputStyle';

interface Wording {
  name: string;
  label: string;
  hint?: ReactNode;
  /** « facultatif », where a field may stay empty. */
  optional?: string;
}

function useField({ name, hint }: Wording) {
  const { id: form, state } = useForm();
  const id = `${form}-${name}`;
  const error = state.errors?.[name];
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return { id, error, value: state.values?.[name], described: described || undefined };
}

function Frame({
  id,
  error,
  wording,
  children,
}: {
  id: string;
  error: string | undefined;
  wording: Wording;
  children: ReactNode;
}) {
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="flex items-baseline justify-between gap-3 text-sm font-semibold">
        {wording.label}
        {wording.optional && <span className="font-normal text-ink-soft">{wording.optional}</span>}
      </label>
      {wording.hint && (
        <p id={`${id}-hint`} className="text-sm text-ink-soft">
          {wording.hint}
        </p>
      )}
      {children}
      {error && (
        <p id={`${id}-error`} className="text-sm font-medium text-danger-text">
          {error}
        </p>
      )}
    </div>
  );
}

/** A labelled input of a `<Form>`. */
export function Field({ label, hint, optional, className, ...props }: ComponentProps<'input'> & Wording) {
  const wording = { name: props.name, label, hint, optional };
  const { id, error, value, described } = useField(wording);
  return (
    <Frame id={id} error={error} wording={wording}>
      <input
        maxLength={1000}
        {...props}
        id={id}
        key={value}
        defaultValue={value ?? props.defaultValue}
        aria-invalid={error ? true : undefined}
        aria-describedby={described}
        className={classes(inputStyle, 'h-11', className)}
      />
    </Frame>
  );
}

/** Several lines of text in a `<Form>`. */
export function TextArea({
  label,
  hint,
  optional,
  className,
  ...props
}: ComponentProps<'textarea'> & Wording) {
  const wording = { name: props.name, label, hint, optional };
  const { id, error, value, described } = useField(wording);
  return (
    <Frame id={id} error={error} wording={wording}>
      <textarea
        rows={4}
        maxLength={20_000}
        {...props}
        id={id}
        key={value}
        defaultValue={value ?? props.defaultValue}
        aria-invalid={error ? true : undefined}
        aria-describedby={described}
        className={classes(inputStyle, 'py-2', className)}
      />
    </Frame>
  );
}

/** A choice from a list in a `<Form>`: the browser's own, which every phone draws best. */
export function Select({
  label,
  hint,
  optional,
  className,
  children,
  ...props
}: ComponentProps<'select'> & Wording) {
  const wording = { name: props.name, label, hint, optional };
  const { id, error, value, described } = useField(wording);
  return (
    <Frame id={id} error={error} wording={wording}>
      <select
        {...props}
        id={id}
        key={value}
        defaultValue={value ?? props.defaultValue}
        aria-invalid={error ? true : undefined}
        aria-describedby={described}
        className={classes(inputStyle, 'h-11', className)}
      >
        {children}
      </select>
    </Frame>
  );
}

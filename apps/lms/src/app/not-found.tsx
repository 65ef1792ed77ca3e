'use client';

/**
 * Next renders this into every page in case it is needed, so it is next to nothing. What does not exist is shown by
 * `<ProblemPage>` (src/server/load.ts) and by app/missing.
 */
export default function NotFound() {
  return <p className="page py-16">404</p>;
}

/** Imported by address: its types would bring the backend's, and with them Next's idea of `process.env`, in here. */
const databases = new URL('../../../../tools/testDatabase.ts', import.meta.url).href;
interface TestDatabases {
  testDatabase(options: { migrated: boolean }): Promise<{ operatorUrl: string; drop(): Promise<void> }>;
}

/** A fresh database for a test, as the operator's role sees it. */
export async function testDatabaseUrl(): Promise<{ url: string; drop(): Promise<void> }> {
  const { testDatabase }: TestDatabases = await import(databases);
  const { operatorUrl, drop } = await testDatabase({ migrated: false });
  return { url: operatorUrl, drop };
}

import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/*
 * The entry of the artefact. V8's compiled code of what follows lies beside it since the build (build.mjs): read
 * only, and portable, because a release is copied to where it runs.
 */
enableCompileCache({ directory: join(import.meta.dirname, '../../.compile-cache'), portable: true });
const server: string = './serve.mjs';
await import(server);

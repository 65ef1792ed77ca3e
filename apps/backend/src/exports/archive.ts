import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';

/** A zip without Zip64, which every program opens, ends here. */
const MAX_BYTES = 3.9e9;
const MAX_ENTRIES = 60_000;
/** Kinds that do not become smaller. */
const PACKED =
  /\.(?:png|jpe?g|gif|webp|avif|mp4|webm|mp3|m4a|ogg|pdf|zip|docx|xlsx|pptx|odt|ods|odp|woff2)$/i;

/** An export that cannot be made, in words for staff. */
export class ExportError extends Error {
  override name = 'ExportError';
}

/** A zip that is written as it comes: nothing but a piece of a file is ever in memory. */
export class Archive {
  readonly #file: WriteStream;
  readonly #names = new Set<string>();
  readonly #zip: Zip;
  #bytes = 0;

  constructor(path: string) {
    this.#file = createWriteStream(path, { mode: 0o600 });
    this.#zip = new Zip((error, chunk) => {
      if (error) this.#file.destroy(error);
      else {
        this.#bytes += chunk.length;
        this.#file.write(chunk);
      }
    });
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @returns the path under which it lies: another file of the same name is kept beside it */
  async add(
    path: string,
    content: string | Uint8Array | AsyncIterable<string | Uint8Array>,
  ): Promise<string> {
    const name = this.#free(path);
    const entry = PACKED.test(name) ? new ZipPassThrough(name) : new ZipDeflate(name, { level: 6 });
    this.#zip.add(entry);
    const chunks = typeof content === 'string' || content instanceof Uint8Array ? [content] : content;
    for await (const chunk of chunks) {
      entry.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
      if (this.#bytes > MAX_BYTES) throw new ExportError('The platform holds more than one zip can.');
      if (this.#file.writableNeedDrain) await once(this.#file, 'drain');
    }
    entry.push(new Uint8Array(), true);
    return name;
  }

  async end(): Promise<void> {
    this.#zip.end();
    this.#file.end();
    await finished(this.#file);
  }

  /** Lets go of the file where the export failed. */
  abandon(): void {
    this.#zip.terminate();
    this.#file.destroy();
  }

  #free(path: string): string {
    if (this.#names.size >= MAX_ENTRIES)
      throw new ExportError('The platform holds more files than one zip can.');
    const [, stem = path, ending = ''] = /^(.*?)(\.[^./]+)?$/.exec(path) ?? [];
    let name = path;
    for (let number = 2; this.#names.has(name.toLowerCase()); number++) name = `${stem}-${number}${ending}`;
    this.#names.add(name.toLowerCase());
    return name;
  }
}

import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';

/*
 * An encrypted file: `PREAUBK1`, the key's id (8 bytes), a salt (32 bytes), then pieces of 64 KiB, each sealed by
 * AES-256-GCM with its tag. The key is HKDF-SHA-256 of the master key, the salt and the file's name, so that no two
 * files share one and none can stand in another's place; the nonce counts the pieces and marks the last, so that
 * none can be left out, moved or cut off (the STREAM construction, Hoang et al. 2015). No byte is handed on before
 * its piece has been found whole.
 */
const MAGIC = Buffer.from('PREAUBK1');
const ID_BYTES = 8;
const SALT_BYTES = 32;
const HEADER_BYTES = MAGIC.length + ID_BYTES + SALT_BYTES;
const PIECE_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const KEY_BYTES = 32;
const ALGORITHM = 'aes-256-gcm';

/** Master keys: the first seals, every one opens. */
export type Keyring = readonly [Buffer, ...Buffer[]];

/** @throws where a text is no key: 32 bytes in base64url */
export function readKeyring(texts: readonly string[]): Keyring {
  const [first, ...others] = texts.map((text) => {
    const key = Buffer.from(text, 'base64url');
    if (key.length !== KEY_BYTES) throw new Error('a key is 32 bytes in base64url');
    return key;
  });
  if (!first) throw new Error('there is no key');
  return [first, ...others];
}

const idOf = (key: Buffer) =>
  createHash('sha256').update('preau backup key ').update(key).digest().subarray(0, ID_BYTES);
const fileKeyOf = (key: Buffer, salt: Buffer, name: string) =>
  Buffer.from(hkdfSync('sha256', key, salt, `preau backup 1 ${name}`, KEY_BYTES));

function nonceOf(index: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES);
  nonce.writeUIntBE(index, 5, 6);
  nonce[NONCE_BYTES - 1] = last ? 1 : 0;
  return nonce;
}

/** Cuts what comes into pieces of one size; only the last may be shorter, and may be empty. */
abstract class Pieces extends Transform {
  #waiting: Buffer[] = [];
  #length = 0;
  #index = 0;

  protected abstract get size(): number;
  protected abstract piece(piece: Buffer, index: number, last: boolean): Buffer;
  /** Takes what stands before the pieces; undefined until it is whole. */
  protected head(bytes: Buffer): Buffer | undefined {
    return bytes;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#waiting.push(chunk);
    this.#length += chunk.length;
    this.#attempt(() => this.#handOn(), done);
  }

  override _flush(done: TransformCallback): void {
    this.#attempt(() => {
      const rest = this.head(Buffer.concat(this.#waiting));
      if (!rest) throw new Error('the file ends within its head');
      this.push(this.piece(rest, this.#index, true));
    }, done);
  }

  #handOn(): void {
    // One byte more than a piece: what comes last is told by the end.
    if (this.#length <= this.size) return;
    let bytes = this.head(Buffer.concat(this.#waiting));
    if (!bytes) return;
    while (bytes.length > this.size) {
      this.push(this.piece(bytes.subarray(0, this.size), this.#index, false));
      this.#index += 1;
      bytes = bytes.subarray(this.size);
    }
    this.#waiting = [bytes];
    this.#length = bytes.length;
  }

  #attempt(work: () => void, done: TransformCallback): void {
    try {
      work();
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

class Sealing extends Pieces {
  readonly #key: Buffer;

  constructor([master]: Keyring, name: string) {
    super();
    const salt = randomBytes(SALT_BYTES);
    this.#key = fileKeyOf(master, salt, name);
    this.push(Buffer.concat([MAGIC, idOf(master), salt]));
  }

  protected get size(): number {
    return PIECE_BYTES;
  }

  protected piece(piece: Buffer, index: number, last: boolean): Buffer {
    const cipher = createCipheriv(ALGORITHM, this.#key, nonceOf(index, last));
    return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
  }
}

class Opening extends Pieces {
  readonly #keyring: Keyring;
  readonly #name: string;
  #key: Buffer | undefined;

  constructor(keyring: Keyring, name: string) {
    super();
    this.#keyring = keyring;
    this.#name = name;
  }

  protected get size(): number {
    return PIECE_BYTES + TAG_BYTES;
  }

  protected override head(bytes: Buffer): Buffer | undefined {
    if (this.#key) return bytes;
    if (bytes.length < HEADER_BYTES) return undefined;
    if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('this is no encrypted backup');
    const id = bytes.subarray(MAGIC.length, MAGIC.length + ID_BYTES);
    const master = this.#keyring.find((key) => idOf(key).equals(id));
    if (!master) throw new Error(`the key ${id.toString('hex')} of this backup is not among BACKUP_KEYS`);
    this.#key = fileKeyOf(master, bytes.subarray(MAGIC.length + ID_BYTES, HEADER_BYTES), this.#name);
    return bytes.subarray(HEADER_BYTES);
  }

  protected piece(piece: Buffer, index: number, last: boolean): Buffer {
    if (!this.#key || piece.length < TAG_BYTES) throw new Error('the file was cut off');
    const decipher = createDecipheriv(ALGORITHM, this.#key, nonceOf(index, last));
    decipher.setAuthTag(piece.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(piece.subarray(0, -TAG_BYTES)), decipher.final()]);
  }
}

/** Encrypts what flows through. @param name under which it is kept, and will be opened */
export const sealing = (keyring: Keyring, name: string): Transform => new Sealing(keyring, name);

/** Decrypts what flows through; fails at the first piece that was changed, moved or cut off. */
export const opening = (keyring: Keyring, name: string): Transform => new Opening(keyring, name);

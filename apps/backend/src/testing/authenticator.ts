import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/** A passkey in software: answers as a browser with an authenticator does (WebAuthn Level 3, 6), rightly or, where told so, wrongly. */
export interface Authenticator {
  readonly id: string;
  /** Its signature counter; set it back to play a copy. */
  counter: number;
  create(options: { challenge: string; rp: { id?: string } }, twist?: Twist): ReturnType<typeof attestation>;
  get(options: { challenge: string; rpId?: string }, twist?: Twist): ReturnType<typeof assertion>;
}

export interface Twist {
  origin?: string;
  rpId?: string;
  challenge?: string;
  type?: string;
  verified?: boolean;
}

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;
const ATTESTED = 0x40;

interface State {
  id: Buffer;
  key: KeyObject;
  publicKey: KeyObject;
  counter: number;
  origin: string;
}

/** @param origin of the page that asks; @param counts whether its signature counter goes up, as hardware's does */
export function authenticator(origin: string, { counts = true } = {}): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const state: State = {
    id: randomBytes(16),
    key: privateKey,
    publicKey,
    counter: 0,
    origin,
  };
  return {
    id: state.id.toString('base64url'),
    get counter() {
      return state.counter;
    },
    set counter(value) {
      state.counter = value;
    },
    create: (options, twist = {}) => attestation(state, options.challenge, options.rp.id ?? '', twist),
    get(options, twist = {}) {
      if (counts) state.counter += 1;
      return assertion(state, options.challenge, options.rpId ?? '', twist);
    },
  };
}

function clientData(state: State, type: string, challenge: string, twist: Twist): Buffer {
  return Buffer.from(
    JSON.stringify({
      type: twist.type ?? type,
      challenge: twist.challenge ?? challenge,
      origin: twist.origin ?? state.origin,
      crossOrigin: false,
    }),
  );
}

function authenticatorData(state: State, rpId: string, twist: Twist, attested: Buffer | null): Buffer {
  const flags = USER_PRESENT | (twist.verified === false ? 0 : USER_VERIFIED) | (attested ? ATTESTED : 0);
  const counter = Buffer.alloc(4);
  counter.writeUInt32BE(state.counter);
  return Buffer.concat([
    sha256(Buffer.from(twist.rpId ?? rpId)),
    Buffer.from([flags]),
    counter,
    ...(attested ? [attested] : []),
  ]);
}

function attestation(state: State, challenge: string, rpId: string, twist: Twist) {
  const jwk = state.publicKey.export({ format: 'jwk' });
  const length = Buffer.alloc(2);
  length.writeUInt16BE(state.id.length);
  // COSE_Key (RFC 9053): kty EC2, alg ES256, crv P-256, x, y.
  const cose = Buffer.concat([
    Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
    Buffer.from(jwk.x ?? '', 'base64url'),
    Buffer.from([0x22, 0x58, 0x20]),
    Buffer.from(jwk.y ?? '', 'base64url'),
  ]);
  const data = authenticatorData(
    state,
    rpId,
    twist,
    Buffer.concat([Buffer.alloc(16), length, state.id, cose]),
  );
  const dataLength = Buffer.alloc(2);
  dataLength.writeUInt16BE(data.length);
  // CBOR (RFC 8949): {"fmt": "none", "attStmt": {}, "authData": bytes}
  const object = Buffer.concat([
    Buffer.from([0xa3, 0x63]),
    Buffer.from('fmt'),
    Buffer.from([0x64]),
    Buffer.from('none'),
    Buffer.from([0x67]),
    Buffer.from('attStmt'),
    Buffer.from([0xa0, 0x68]),
    Buffer.from('authData'),
    Buffer.from([0x59]),
    dataLength,
    data,
  ]);
  const id = state.id.toString('base64url');
  return {
    id,
    rawId: id,
    type: 'public-key' as const,
    clientExtensionResults: {},
    response: {
      clientDataJSON: clientData(state, 'webauthn.create', challenge, twist).toString('base64url'),
      attestationObject: object.toString('base64url'),
      transports: ['internal'],
    },
  };
}

function assertion(state: State, challenge: string, rpId: string, twist: Twist) {
  const data = authenticatorData(state, rpId, twist, null);
  const client = clientData(state, 'webauthn.get', challenge, twist);
  const id = state.id.toString('base64url');
  return {
    id,
    rawId: id,
    type: 'public-key' as const,
    clientExtensionResults: {},
    response: {
      clientDataJSON: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: createSign('sha256')
        .update(Buffer.concat([data, sha256(client)]))
        .sign(state.key)
        .toString('base64url'),
    },
  };
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();

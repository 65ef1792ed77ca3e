export { generateKey, type PrivateKeyFile, privateKeyFile, type PublicKey, publicKey, publicKeyOf } from './key.ts';
export { createSigner, type Signer } from './sign.ts';
export { type Claims, IdentityError, type KeyLookup, verifyToken } from './verify.ts';

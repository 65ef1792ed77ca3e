export {
  generateKey,
  type PrivateKeyFile,
  type PublicKey,
  privateKeyFile,
  publicKey,
  publicKeyOf,
} from './key.ts';
export { createSigner, type Signer } from './sign.ts';
export {
  type Claims,
  IdentityError,
  type KeyOwner,
  keyIdOf,
  type TokenFault,
  verifyToken,
} from './verify.ts';

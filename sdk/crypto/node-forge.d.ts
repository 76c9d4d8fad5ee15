/** The few functions of node-forge that its doors use; its published types leave out the subpaths. */

interface ForgeBuffer {
  getBytes(): string;
}

interface ForgeDigest {
  update(binary: string): ForgeDigest;
  digest(): ForgeBuffer;
}

interface ForgeCipher {
  start(options: { iv: string; additionalData: string; tagLength: 128; tag?: ForgeBuffer }): void;
  update(input: ForgeBuffer): void;
  finish(): boolean;
  readonly output: ForgeBuffer;
  readonly mode: { readonly tag: ForgeBuffer };
}

declare module 'node-forge/lib/ed25519.js' {
  const ed25519: {
    generateKeyPair(options: { seed: Uint8Array }): { publicKey: Uint8Array };
    sign(options: { message: Uint8Array; privateKey: Uint8Array }): Uint8Array;
    verify(options: { message: Uint8Array; signature: Uint8Array; publicKey: Uint8Array }): boolean;
  };
  export default ed25519;
}

declare module 'node-forge/lib/sha256.js' {
  const sha256: { create(): ForgeDigest };
  export default sha256;
}

declare module 'node-forge/lib/sha512.js' {
  const sha512: { create(): ForgeDigest };
  export default sha512;
}

declare module 'node-forge/lib/hmac.js' {
  const hmac: {
    create(): {
      start(hash: 'sha256', key: string): void;
      update(binary: string): void;
      digest(): ForgeBuffer;
    };
  };
  export default hmac;
}

declare module 'node-forge/lib/cipher.js' {
  const cipher: {
    createCipher(algorithm: 'AES-GCM', key: string): ForgeCipher;
    createDecipher(algorithm: 'AES-GCM', key: string): ForgeCipher;
  };
  export default cipher;
}

declare module 'node-forge/lib/util.js' {
  const util: { createBuffer(binary: string): ForgeBuffer };
  export default util;
}

declare module 'node-forge/lib/aes.js';

declare module 'node-forge/lib/pki.js' {
  interface RsaKey {
    readonly n: unknown;
    readonly e: unknown;
  }
  interface Certificate {
    publicKey: unknown;
    serialNumber: string;
    readonly validity: { notBefore: Date; notAfter: Date };
    setSubject(attributes: readonly { name: string; value: string }[]): void;
    setIssuer(attributes: readonly { name: string; value: string }[]): void;
    setExtensions(extensions: readonly object[]): void;
    sign(key: RsaKey, digest: ForgeDigest): void;
  }
  const pki: {
    privateKeyFromPem(pem: string): RsaKey;
    setRsaPublicKey(n: unknown, e: unknown): unknown;
    createCertificate(): Certificate;
    certificateToPem(certificate: Certificate): string;
  };
  export default pki;
}

declare module 'node-forge/lib/asn1.js' {
  interface Node {
    readonly type: number;
    readonly value: string | Node[];
  }
  const asn1: {
    readonly Class: { readonly UNIVERSAL: number };
    readonly Type: Readonly<
      Record<'OID' | 'OCTETSTRING' | 'INTEGER' | 'NULL' | 'SEQUENCE', number>
    >;
    create(
      tagClass: number,
      type: number,
      isConstructed: boolean,
      value: string | readonly Node[],
    ): Node;
    oidToDer(oid: string): ForgeBuffer;
    derToOid(der: string): string;
    integerToDer(value: number): ForgeBuffer;
    toDer(node: Node): ForgeBuffer;
    fromDer(der: string): Node;
  };
  export default asn1;
}

declare module 'node-forge/lib/pem.js' {
  const pem: {
    encode(message: { type: string; body: string }, options: { maxline: number }): string;
    decode(text: string): { readonly type: string; readonly body: string }[];
  };
  export default pem;
}

const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token that says it needs no signature. */
export function unsigned(token: string): string {
  return `${encode({ alg: "none", kid: "first" })}.${String(token.split(".")[1])}.AA`;
}

/** A token whose subject was changed after it was signed. */
export function withSubject(token: string, sub: string): string {
  const [header, payload, signature] = token.split(".");
  const claims = JSON.parse(Buffer.from(String(payload), "base64url").toString()) as object;
  return [header, encode({ ...claims, sub }), signature].join(".");
}

/** The same token written otherwise: the other of the two signatures that ECDSA has for one text. */
export function twin(token: string): string {
  const [header, payload, signature] = token.split(".");
  const bytes = Buffer.from(String(signature), "base64url");
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const other = order - BigInt(`0x${bytes.subarray(32).toString("hex")}`);
  const s = Buffer.from(other.toString(16).padStart(64, "0"), "hex");
  return [header, payload, Buffer.concat([bytes.subarray(0, 32), s]).toString("base64url")].join(".");
}

/** A sign-in cookie, as its browser could change it. */
export function changedSignIn(value: string, change: object): string {
  const signIn = JSON.parse(Buffer.from(value, "base64url").toString()) as object;
  return `__Host-oidc=${encode({ ...signIn, ...change })}`;
}

/** Somebody's own function, which verifies tokens of the user pool by itself, as AWS documents it. */
import { CognitoJwtVerifier } from "aws-jwt-verify";

const verifier = CognitoJwtVerifier.create({
  userPoolId: process.env["USER_POOL_ID"] ?? "",
  clientId: process.env["CLIENT_ID"] ?? "",
  tokenUse: "access",
});

interface Request {
  readonly headers: Readonly<Record<string, string>>;
}

export async function handler({ headers }: Request) {
  const token = (headers["authorization"] ?? "").replace(/^Bearer /, "");
  const { username } = await verifier.verify(token);
  return { username };
}

import { createAccessTokens } from "../../src/identity/access-token.ts";
import { ONE_SESSION } from "../../src/sessions/policy.ts";
import { cognitoSource, createSigner, type Signer } from "../support/access-tokens.ts";
import { createSignInWorld, type SignInWorld } from "../support/sign-ins.ts";
import { CHROME } from "../support/store.ts";

export interface Bound {
  readonly signer: Signer;
  readonly world: SignInWorld;
  /** Makes the first call of a client with such a token, to a route of the sessions' own. */
  readonly admit: (text: string) => Promise<void>;
}

/** A user pool whose access tokens callers send, and the tables of its sessions, with the real time. */
export async function startBound(): Promise<Bound> {
  const [signer, world] = await Promise.all([createSigner(), createSignInWorld()]);
  const newJwksCache = () => signer.newJwksCache();
  const verifier = createAccessTokens({ sources: [cognitoSource()], clock: Date.now, newJwksCache });
  const { signIns } = world.another({ clock: Date.now });
  return {
    signer,
    world,
    async admit(text) {
      const verified = await verifier.verify(text);
      if (verified.outcome !== "verified") throw new Error(verified.outcome);
      const policy = () => Promise.resolve(ONE_SESSION);
      const used = await signIns.useSignIn({ ...verified.token, device: CHROME, policy });
      if (used.outcome !== "live" || !used.admitted) throw new Error(used.outcome);
    },
  };
}

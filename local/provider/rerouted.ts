/** An address of the real provider, and where it is answered on this machine. */
export interface Reroute {
  /** The address itself, and what begins with it and `/` or `?`. */
  readonly from: string;
  readonly to: string;
  /** The host that the local provider has for whoever is rerouted, by https. */
  readonly host: string;
}

/** Where an address is answered here; `undefined` where it is not rerouted. The longest rule counts. */
export function rerouted(
  address: string,
  reroutes: readonly Reroute[],
): { readonly url: string; readonly host: string } | undefined {
  const [rule] = reroutes
    .filter(({ from }) => address.startsWith(from) && /^([/?#]|$)/.test(address.slice(from.length)))
    .sort((one, other) => other.from.length - one.from.length);
  return rule && { url: rule.to + address.slice(rule.from.length), host: rule.host };
}

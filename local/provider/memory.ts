import type { Adapter, AdapterFactory, AdapterPayload } from "oidc-provider";

/**
 * Where a local provider keeps sessions, codes, tokens and grants: in memory, until the local stack ends. The
 * library's own such store warns at each start, and forgets after a thousand items.
 */
export function createMemory(): AdapterFactory {
  const items = new Map<string, AdapterPayload>();

  return function adapterFor(model): Adapter {
    const keyOf = (id: string): string => `${model}:${id}`;
    const find = (id: string): AdapterPayload | undefined => items.get(keyOf(id));
    return {
      upsert: (id, payload) => settled(() => void items.set(keyOf(id), payload)),
      find: (id) => settled(() => find(id)),
      findByUid: (uid) =>
        settled(() => [...items.values()].find((item) => item.kind === model && item.uid === uid)),
      // Of the device flow, which is off.
      findByUserCode: () => settled(() => undefined),
      consume: (id) =>
        settled(() => {
          const item = find(id);
          if (item !== undefined) item.consumed = Math.floor(Date.now() / 1000);
        }),
      destroy: (id) => settled(() => void items.delete(keyOf(id))),
      revokeByGrantId: (grantId) =>
        settled(() => {
          for (const [key, item] of items) if (item.grantId === grantId) items.delete(key);
        }),
    };
  };
}

function settled<Value>(act: () => Value): Promise<Value> {
  return Promise.resolve(act());
}

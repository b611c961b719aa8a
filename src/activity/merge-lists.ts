import type { Item } from "./items.ts";
import { placeIn, readPart, type ListDependencies, type OrderedList } from "./ordered-list.ts";

interface Reading {
  readonly list: OrderedList;
  waiting: Item[];
  /** Where to go on reading; nothing where the list is at its end. */
  next: string | undefined;
}

/**
 * The newest items of several lists as one, which is exact: what is in the answer is all there is above its
 * last place. It costs a query a list, and one more for each list that has more than its share of the page.
 * @param below items at this place and above are left out.
 * @throws StoreUnavailableError
 */
export async function mergeLists(
  dependencies: ListDependencies,
  lists: readonly OrderedList[],
  { limit, below }: { readonly limit: number; readonly below: string | undefined },
): Promise<{ readonly items: readonly Item[]; readonly hasMore: boolean }> {
  // Twice an even share, so that most pages take one query of each.
  const share = Math.ceil((2 * limit) / lists.length) + 2;
  const read = async (list: OrderedList, from: string | undefined): Promise<Reading> => {
    const { items, next } = await readPart(dependencies, list, { limit: share, below: from });
    return { list, waiting: [...items], next };
  };
  const readings = await Promise.all(lists.map((list) => read(list, below)));
  const items: Item[] = [];
  for (;;) {
    // A list whose items are all taken may have the next one.
    await Promise.all(
      readings.map(async (reading) => {
        while (reading.waiting.length === 0 && reading.next !== undefined) {
          Object.assign(reading, await read(reading.list, reading.next));
        }
      }),
    );
    const newest = readings.filter(({ waiting }) => waiting.length > 0).toSorted(newestFirst)[0];
    if (newest === undefined) return { items, hasMore: false };
    if (items.length === limit) return { items, hasMore: true };
    const [item] = newest.waiting.splice(0, 1);
    if (item !== undefined) items.push(item);
  }
}

const newestFirst = (one: Reading, other: Reading): number => (headOf(one) < headOf(other) ? 1 : -1);
const headOf = ({ waiting: [first] }: Reading): string => (first === undefined ? "" : placeIn(first));

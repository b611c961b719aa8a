import Box from "@cloudscape-design/components/box";
import Link from "@cloudscape-design/components/link";
import type { ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";
import { idIn } from "./find-users.ts";
import { beginningOf, userHref, type UserFilter } from "./user-path.ts";

interface NobodyProps {
  readonly filter: UserFilter;
  /** Whether not everybody has been looked at. */
  readonly hasMore: boolean;
}

/** In place of rows. Whoever is not signed in can still be looked up by the whole id. */
export function Nobody({ filter, hasMore }: NobodyProps): ReactNode {
  const { users } = useTexts();
  if (filter.tokens.length === 0) return <Box textAlign="center">{users.empty}</Box>;
  const beginning = beginningOf(filter);
  const id = idIn(filter);
  return (
    <Box textAlign="center">
      <div className="outside">
        {beginning === undefined
          ? hasMore
            ? users.nobodyFitsSoFar
            : users.nobodyFits
          : hasMore
            ? users.emptySoFar(beginning)
            : users.emptyFound(beginning)}
      </div>
      {id !== undefined && (
        <span className="outside">
          <Link href={userHref(id)}>{users.openUser(id)}</Link>
        </span>
      )}
    </Box>
  );
}

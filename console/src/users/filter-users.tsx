import PropertyFilter from "@cloudscape-design/components/property-filter";
import { useMemo, type ReactNode } from "react";
import { useConfig } from "../config-context.tsx";
import { useTexts } from "../preferences/preferences.tsx";
import { useMedia, WIDE } from "../shell/use-media.ts";
import type { FoundUsers } from "./find-users.ts";
import { enteredFilter, filteringOptions, filteringProperties } from "./user-filter.ts";
import type { UserFilter } from "./user-path.ts";

interface FilterUsersProps {
  readonly filter: UserFilter;
  readonly list: FoundUsers;
  readonly onChange: (filter: UserFilter) => void;
}

/** Finds users by how their ids begin, and by what is said of them and their devices. */
export function FilterUsers({ filter, list, onChange }: FilterUsersProps): ReactNode {
  const texts = useTexts();
  const { users } = texts;
  const { identity } = useConfig();
  const isWide = useMedia(WIDE);
  const { rows, searched, hasMore, isLoaded, isSearching } = list;
  const options = useMemo(() => filteringOptions(searched, texts, identity), [searched, texts, identity]);
  return (
    <PropertyFilter
      query={filter}
      onChange={({ detail }) => onChange(enteredFilter(detail))}
      filteringProperties={filteringProperties(texts)}
      filteringOptions={options}
      freeTextFiltering={{ operators: ["^"], defaultOperator: "^" }}
      filteringAriaLabel={users.find}
      filteringPlaceholder={isWide ? users.findHint : users.find}
      filteringEmpty={users.noValues}
      countText={isLoaded && !isSearching ? users.found(rows.length, hasMore) : ""}
      loading={!isLoaded || isSearching}
      virtualScroll
      expandToViewport
      tokenLimit={4}
    />
  );
}

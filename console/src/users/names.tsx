import Pagination from "@cloudscape-design/components/pagination";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState, type ReactNode } from "react";
import { useTexts } from "../preferences/preferences.tsx";

const NAMES_PER_PAGE = 50;

interface NamesProps {
  readonly label: string;
  readonly names: readonly string[];
}

/**
 * A list of any length, a page at a time. A page scrolls, and so takes the focus: arrow keys must reach its
 * end.
 */
export function Names({ label, names }: NamesProps): ReactNode {
  const { logout } = useTexts();
  const [page, setPage] = useState(1);
  const pages = Math.max(1, Math.ceil(names.length / NAMES_PER_PAGE));
  return (
    <SpaceBetween size="xs">
      <div className="names" role="region" aria-label={label} tabIndex={0}>
        <ul className="outside">
          {names.slice((page - 1) * NAMES_PER_PAGE, page * NAMES_PER_PAGE).map((name) => (
            <li key={name}>{name}</li>
          ))}
        </ul>
      </div>
      {pages > 1 && (
        <Pagination
          currentPageIndex={page}
          pagesCount={pages}
          ariaLabels={{ paginationLabel: logout.pages(label) }}
          onChange={({ detail }) => setPage(detail.currentPageIndex)}
        />
      )}
    </SpaceBetween>
  );
}

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { asking } from "../client/client.ts";
import { Answered } from "../fault/answered.tsx";
import { moveFocus, useKeys } from "../keyboard/keys.ts";
import { counted } from "../money/format.ts";
import { Pages } from "../url/pages.tsx";
import { SearchBox } from "../url/search-box.tsx";
import { ReasonGroups } from "./reason-groups.tsx";
import { RepositoryTable } from "./repository-table.tsx";
import { type BatchSearch, refinedRows, rowsQuery } from "./search.ts";

const route = getRouteApi("/batches/$namespace/$name");

/** The table of a batch's repositories, with filters. */
export function Repositories({ canSeeCost }: { readonly canSeeCost: boolean }) {
  const params = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  useKeys({ j: () => moveFocus("[data-row]", 1), k: () => moveFocus("[data-row]", -1) });
  const query = useQuery({ ...asking("repositories", { params, query: rowsQuery(search) }), placeholderData: keepPreviousData });
  const refine = (change: Partial<BatchSearch>): void => void navigate({ search: refinedRows(search, change), replace: true });
  return (
    <section aria-label="Repositories">
      <SearchBox label="Search repositories" hint="Repository, branch or reason" value={search.q} onChange={(q) => refine({ q })} />
      <Answered query={query} what="repositories">
        {({ items, total, visible: all, groups, next }) => (
          <>
            <div className="cb-row cb-found">
              <p role="status" className="cb-dim">
                {counted(total, "repository", "repositories")}
                {total === all ? "" : ` of ${all}`}
              </p>
              <ReasonGroups groups={groups} chosen={search.reason} onChoose={(reason) => refine({ reason })} />
            </div>
            {items.length === 0 ? (
              <NoRows isFiltered={all > 0} onClear={() => void navigate({ search: { view: search.view } })} />
            ) : (
              <RepositoryTable rows={items} params={params} search={search} canSeeCost={canSeeCost} />
            )}
            <Pages
              first={search.cursor === undefined ? undefined : { to: ".", search: refinedRows(search, {}) }}
              next={next === undefined ? undefined : { to: ".", search: refinedRows(search, { cursor: next }) }}
            />
          </>
        )}
      </Answered>
    </section>
  );
}

function NoRows({ isFiltered, onClear }: { readonly isFiltered: boolean; readonly onClear: () => void }) {
  if (!isFiltered) {
    return <p className="cb-panel">No repository has been begun. The conditions say why, if this lasts longer than a minute.</p>;
  }
  return (
    <p className="cb-panel">
      The filters leave no repository.{" "}
      <button type="button" className="cb-plain" onClick={onClear}>
        Clear filters
      </button>
    </p>
  );
}

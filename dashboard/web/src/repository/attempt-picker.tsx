import type { RepositoryDetail } from "@codybatch/dashboard-contract";
import { NativeSelect } from "@mantine/core";
import { getRouteApi } from "@tanstack/react-router";
import { words } from "../status/tone.ts";

const route = getRouteApi("/batches/$namespace/$name/$changeset");

/** Whose patch or transcript is shown. */
export function AttemptPicker({ attempts }: { readonly attempts: RepositoryDetail["attempts"] }) {
  const { attempt } = route.useSearch();
  const navigate = route.useNavigate();
  if (attempts.length < 2) return undefined;
  return (
    <NativeSelect
      aria-label="Attempt"
      size="xs"
      className="cb-picker"
      value={attempt ?? ""}
      onChange={({ currentTarget: { value } }) =>
        void navigate({ search: ({ tab }) => ({ tab, attempt: value === "" ? undefined : value }), replace: true })
      }
      data={[
        { value: "", label: "Newest attempt" },
        ...attempts.map(({ id, outcome }) => ({ value: id, label: `Attempt ${id}: ${words(outcome).toLowerCase()}` })),
      ]}
    />
  );
}

import { Button, PasswordInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { logIn } from "../client/client.ts";
import { wordsFor } from "../fault/words.ts";
import { endSession } from "../session/session.ts";

export function TokenForm() {
  const [token, setToken] = useState("");
  const queries = useQueryClient();
  const login = useMutation({
    mutationFn: () => logIn(token.trim()),
    onSuccess: async () => {
      setToken("");
      endSession(undefined);
      await queries.resetQueries();
    },
  });
  const submit = (form: FormEvent): void => {
    form.preventDefault();
    if (token.trim() !== "") login.mutate();
  };
  return (
    <form onSubmit={submit} className="cb-stack">
      <PasswordInput
        label="Token"
        description="It is sent to the dashboard once and stays there; this browser gets a cookie that no script can read."
        autoComplete="off"
        autoFocus
        value={token}
        onChange={({ currentTarget }) => setToken(currentTarget.value)}
        error={login.error === null ? undefined : `${wordsFor(login.error).title}. ${login.error.message}`}
      />
      <Button type="submit" loading={login.isPending} disabled={token.trim() === ""}>
        Log in
      </Button>
    </form>
  );
}

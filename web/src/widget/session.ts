/** Opens a conversation, or renews the token of ours. */
import type { Session } from "./protocol";

export async function openSession(origin: string, inbox: string, token: string | undefined): Promise<Session> {
  const response = await fetch(`${origin}/api/chat/session`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...(token ? { token } : {}), ...(inbox ? { inbox } : {}) }),
  });
  if (!response.ok) throw new Error(`session ${response.status}`);
  return (await response.json()) as Session;
}

/** A request that did not succeed: the server's ProblemDetails, or silence (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly problem: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

export type Parameters = Readonly<Record<string, string | number | null | undefined>>;

export function url(path: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== null && value !== undefined && value !== '') query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

export async function get<T>(path: string, parameters: Parameters = {}, signal?: AbortSignal): Promise<T> {
  return send<T>(url(path, parameters), signal ? { signal } : {});
}

export async function post<T>(path: string, body: unknown, method: 'POST' | 'PATCH' = 'POST'): Promise<T> {
  return send<T>(path, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

export async function postFile<T>(path: string, parameters: Parameters, file: Blob): Promise<T> {
  return send<T>(url(path, parameters), {
    method: 'POST',
    headers: { 'content-type': 'text/csv; charset=utf-8' },
    body: file,
  });
}

export async function remove(path: string): Promise<void> {
  await send<void>(path, { method: 'DELETE' });
}

const patienceMs = 30_000;

async function send<T>(to: string, init: RequestInit): Promise<T> {
  const patience = AbortSignal.timeout(patienceMs);
  const signal = init.signal ? AbortSignal.any([init.signal, patience]) : patience;
  let response: Response;
  try {
    response = await fetch(to, { ...init, signal });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, '');
  }
  if (response.status === 204) return undefined as T;
  if (response.ok) return (await response.json()) as T;
  const problem = (await response.json().catch(() => ({}))) as Record<string, unknown>;
  const said = problem['detail'] ?? problem['title'];
  throw new ApiError(response.status, typeof said === 'string' ? said : `HTTP ${response.status}`, problem);
}

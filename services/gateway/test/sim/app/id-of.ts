/** The id that the workload gave a publication. */
export function idOf(data: unknown): string {
  return String((data as { readonly id?: unknown }).id);
}

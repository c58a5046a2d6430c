import { type Err, err } from '@kittiwake/base';
import type { StoreFailure } from '@kittiwake/client';

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];
const UNAVAILABLE = ['ENOENT', 'EACCES', 'EPERM', 'EROFS', 'EISDIR', 'ENOTDIR'];

/** The failure that an error of the file system is. */
export function storeError(reason: unknown): Err<StoreFailure> {
  const code = errorCode(reason) ?? '';
  const kind = FULL.includes(code)
    ? 'store_full'
    : UNAVAILABLE.includes(code)
      ? 'store_unavailable'
      : 'store_failed';
  return err({ kind, message: reason instanceof Error ? reason.message : String(reason) });
}

/** The code of an error of the system, as `ENOENT`. */
export function errorCode(reason: unknown): string | undefined {
  return reason instanceof Error && 'code' in reason && typeof reason.code === 'string'
    ? reason.code
    : undefined;
}

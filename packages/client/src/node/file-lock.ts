import { mkdir, rmdir, stat, unlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { relative, resolve } from 'node:path';
import { type Clock, err, ok, type Result } from '@kittiwake/base';
import type { StoreFailure } from '@kittiwake/client';
import { errorCode, storeError } from './store-error.ts';

/** A lock that is held; it goes with the process at the latest. */
export type FileLock = { release(): Promise<void> };

/** Addresses of sockets are bounded by the system: Linux takes 107 bytes, macOS 103. */
const ADDRESS_BYTES_MAX = 103;

/** Whoever takes a dead lock away is done in milliseconds, unless it died as well. */
const CLEARING_MS = 10_000;

const LOCKED = err<StoreFailure>({ kind: 'store_locked', message: 'another client has the store' });

/**
 * Takes the lock at `path`: a socket that listens there. Whether its holder lives is asked by connecting, so that neither
 * a process number that was given anew, nor a container of its own, makes a live holder look dead or a dead one alive.
 */
export async function lockFile(path: string, clock: Clock): Promise<Result<FileLock, StoreFailure>> {
  const address = addressOf(path);
  if (Buffer.byteLength(address) > ADDRESS_BYTES_MAX)
    return err({ kind: 'store_unavailable', message: `the path is too long for a lock: ${address}` });
  try {
    const lock = await listen(address);
    if (lock !== undefined) return ok(lock);
    return (await isAlive(address)) ? LOCKED : await takeOver(address, clock);
  } catch (reason) {
    return storeError(reason);
  }
}

/** A pipe where the system has no sockets in its file system; else the shorter way of writing the path. */
function addressOf(path: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\${resolve(path)}`;
  const fromHere = relative(process.cwd(), path);
  return fromHere.length < path.length ? fromHere : path;
}

/** Listens; `undefined` where something is there already. */
function listen(path: string): Promise<FileLock | undefined> {
  return new Promise((resolveLock, reject) => {
    const server = createServer(socket => socket.destroy());
    server.once('error', reason => {
      if (errorCode(reason) === 'EADDRINUSE') resolveLock(undefined);
      else reject(reason);
    });
    server.listen({ path }, () => {
      server.unref();
      resolveLock({ release: () => new Promise(released => void server.close(() => released())) });
    });
  });
}

/** Whether somebody listens. A process that is stopped still does. */
function isAlive(path: string): Promise<boolean> {
  return new Promise(answer => {
    const socket = connect({ path });
    socket.once('connect', () => {
      socket.destroy();
      answer(true);
    });
    socket.once('error', reason => {
      answer(!['ECONNREFUSED', 'ENOENT'].includes(errorCode(reason) ?? ''));
    });
  });
}

/**
 * Takes a dead holder's socket away and listens in its place, one client at a time: of two that both saw it dead, the
 * later one would take away the socket of the earlier one.
 */
async function takeOver(address: string, clock: Clock): Promise<Result<FileLock, StoreFailure>> {
  const clearing = `${address}.clearing`;
  if (!(await makeFolder(clearing))) {
    const { mtimeMs } = await stat(clearing);
    if (clock.nowMs() - mtimeMs > CLEARING_MS) await rmdir(clearing);
    return LOCKED;
  }
  try {
    if (await isAlive(address)) return LOCKED;
    await unlink(address);
    const lock = await listen(address);
    return lock === undefined ? LOCKED : ok(lock);
  } finally {
    await rmdir(clearing);
  }
}

/** Makes a folder; false where it is there already. */
async function makeFolder(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (reason) {
    if (errorCode(reason) === 'EEXIST') return false;
    throw reason;
  }
}

import { rm } from 'node:fs/promises';
import { isKept } from '../drill/report/promises.ts';
import { Closing, closeOnSignal } from './closing.ts';
import { rehearse } from './rehearse.ts';
import { HELP, parseRehearsal, type RehearseOptions } from './rehearse-options.ts';
import { figureLine, writeReport } from './report/write-report.ts';

/** `npm run rehearse`: see HELP. The exit status is 0 where no figure fell short, 1 where one did, 2 for a bad command line. */
async function main(args: readonly string[]): Promise<number> {
  const request = parseRehearsal(args);
  if (!request.ok) {
    console.error(`${request.error}\n\n${HELP}`);
    return 2;
  }
  if (request.value.do === 'help') {
    console.log(HELP);
    return 0;
  }
  const closing = new Closing();
  closeOnSignal(closing, process);
  try {
    return await play(request.value.options, closing, `npm run rehearse -- ${args.join(' ')}`);
  } catch (reason) {
    // What a signal had put back is missed by what was under way: that is no news.
    if (!closing.hasBegun) console.error(reason);
    return 1;
  } finally {
    await closing.run();
  }
}

async function play(options: RehearseOptions, closing: Closing, command: string): Promise<number> {
  const { reported, folder } = await rehearse(options, closing, command);
  const { figures, findings } = reported;
  for (const figure of figures) console.log(figureLine(figure));
  for (const { kind, channel, client = '', detail } of findings)
    console.log(`! ${kind}, ${channel} ${client}: ${detail}`);
  if (options.report !== undefined) writeReport(options.report, reported);
  const short = figures.filter(figure => !isKept(figure)).length;
  if (short === 0) await rm(folder, { recursive: true, force: true });
  else console.log(`What clients wrote down is in ${folder}.`);
  const verdict = short === 0 ? 'no figure fell short' : `${short} FIGURES FELL SHORT`;
  console.log(`${options.name}, ${options.clients} clients, ${options.rate} publishes/s: ${verdict}`);
  return short === 0 ? 0 : 1;
}

process.exit(await main(process.argv.slice(2)));

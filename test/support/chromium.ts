import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * The system's own Chromium, without a window. CHROMIUM names another one.
 * @throws Error when there is none
 */
export function launchChromium(): Promise<Browser> {
  const executablePath = [process.env.CHROMIUM ?? '', ...USUAL].find((path) => path && existsSync(path));
  if (!executablePath) throw new Error('There is no Chromium: install one, or name it by CHROMIUM.');
  // In containers the sandbox of Chromium has no room, and what it opens here is our own.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

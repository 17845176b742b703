import { messageOf, UsageError } from '../../model/errors.ts';
import { resolveOptions } from '../../model/options.ts';
import { buildRequest } from '../../model/request.ts';
import { serveDefaults } from '../../serve/settings.ts';
import { startServer } from '../../serve/server.ts';

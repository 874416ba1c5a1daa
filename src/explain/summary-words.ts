/** The words of a summary (`trace/summary`): spread into its `meta`. */
import type { RequestRow } from '../model/request';
import { en } from './catalogue';
import { errorPage } from './describe';

export const summaryWords = {
  errorText: (row: RequestRow): string => errorPage(row)?.sentence ?? '',
  whyText: en.whyText,
};

/** The page "How true is this?": the measured cases beside the predictions. Nothing of the simulator is loaded. */
import { mount } from 'svelte';
import './ui/tokens.css';
import HowTrue from './app/how-true/HowTrue.svelte';
import evidence from './app/how-true/fidelity.gen.json';
import type { Evidence } from './app/how-true/page-data';
import { howTrue } from './explain/words/how-true';

const target = document.getElementById('app')!;
document.title = `${howTrue.title} ${howTrue.product}`;
target.textContent = '';
mount(HowTrue, { target, props: { evidence: evidence as unknown as Evidence, at: decodeURIComponent(location.hash.slice(1)), onplace: (id: string) => history.replaceState(null, '', id ? `#${encodeURI(id)}` : ' ') } });

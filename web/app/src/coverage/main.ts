import { mount } from 'svelte';
import CoveragePage from './CoveragePage.svelte';
import '../app.css';

const target = document.getElementById('app');
if (target === null) throw new Error('coverage.html holds no element #app.');
mount(CoveragePage, { target });

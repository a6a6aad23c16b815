import { mount } from 'svelte';
import PharmacyPage from './PharmacyPage.svelte';
import { installLater } from '../installed/later';
import '../app.css';

const target = document.getElementById('app');
if (target === null) throw new Error('pharmacy.html holds no element #app.');
mount(PharmacyPage, { target });
installLater();

import { mount } from 'svelte';
import OrderPage from './OrderPage.svelte';
import '../app.css';

const target = document.getElementById('app');
if (target === null) throw new Error('order.html holds no element #app.');
mount(OrderPage, { target });

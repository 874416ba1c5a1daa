/** Entry of the index page; the app is mounted here once it stands. */
const place = document.getElementById('app');
if (place) place.textContent = 'Roundtrip';
export {};

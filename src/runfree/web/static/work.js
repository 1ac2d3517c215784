"use strict";
// Says how far a job is, and shows what comes next when it has ended.
const work = document.getElementById("work");
if (work) {
  const doing = document.getElementById("doing");
  const share = document.getElementById("share");
  const look = async () => {
    try {
      const answer = await fetch(`/api/jobs/${work.dataset.job}`, { headers: { Accept: "application/json" } });
      if (answer.status === 404) { location.assign("/films"); return; }
      if (answer.ok) {
        const job = await answer.json();
        if (!["waiting", "running"].includes(job.state)) { location.reload(); return; }
        share.value = job.progress;
        if (job.doing) {
          const said = `${job.doing[0].toUpperCase()}${job.doing.slice(1)}: ${Math.round(100 * job.progress)} %`;
          if (doing.textContent !== said) doing.textContent = said;
        }
      }
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // The connection is away; it is asked again.
    }
    setTimeout(look, 1500);
  };
  setTimeout(look, 700);
}

"""What a reader must know beside a number: stable codes and their sentences."""

from __future__ import annotations

FLAGS: dict[str, str] = {
    "far_leg": "This is the leg behind the other one: it is hidden at times, so the interval is wider.",
    "one_side": "Timed from one side: left and right can only be compared with a film from each side.",
    "few_steps": "Only a few steps were usable: a longer film would narrow the interval.",
    "low_frame_rate": "Filmed at fewer than 50 frames a second: fast moments fall between frames.",
    "small_in_picture": "The runner is small in the picture: come closer or film in a higher resolution.",
    "camera_oblique": "The camera stood at an angle: the interval is wider for it.",
    "camera_tilted": "The phone was not held level: the picture was turned upright before measuring.",
    "sides_swapped": "Left and right were mixed up in some frames and put right.",
    "sides_uncertain": "Left and right could not be told apart in some frames; those frames were left out.",
    "steps_left_out": "Some steps were left out; the list of steps says why.",
    "steady_part": "Only the part of the film with steady steps was measured.",
    "frames_lost": "Some pictures of the film could not be decoded, or carried the same time as another; they were left out.",
    "approach": "Filmed running towards the phone: measured step by step as the runner came closer.",
    "passes": "The runner was in the picture more than once, or the film was cut: the parts were measured apart and joined.",
    "other_view_left_out": "Parts of the film that show the runner from another side were left out: give them as films of their own.",
    "pass": "Filmed running past a fixed phone: few steps in view.",
    "stature_scale": "Lengths come from the body height you gave.",
    "network_unproven": "The error of this pose network has not been measured here: nothing is corrected for it, and the intervals "
    "are wider by a rule of thumb.",
    "forces_left_out": "The forces in the file could not be used; steps were timed from the motion of the legs.",
    "forces_recalibrated": "The force channels are not in newtons, as their file says: the plates' calibration makes them fit a body.",
    "markers_exchanged": "The inner and the outer marker of a foot carried each other's names; they were put right.",
    "speed_differs": "The feet move over the ground at another speed than the one you gave; yours was used.",
    "cadence_resolution": "The watch writes whole strides only, so a single cadence value is up to 2 steps/min too low.",
    "cadence_as_steps": "The file counts steps where its format counts strides; its numbers were taken as steps.",
    "clock_not_set": "The watch did not know the date, so this run has no place in your calendar.",
    "times_out_of_order": "Some records were not in the order of time and were put in order.",
    "no_time": "Some records carry no time and were left out.",
    "sport_unknown": "The file does not say what was done; speed and cadence are those of running.",
    "sensor_unknown": "The file does not say which sensor measured the bounce or where it sat.",
    "second_sensor": "Two sensors measured the same; the watch's own value was kept.",
    "speed_from_places": "Speed and distance were worked out from the places recorded.",
    "cadence_from_speed": "Cadence was worked out from speed and step length.",
}

"""From a pose in words of anatomy to the bones: angles, or where a hand or foot is to be.

Everything is written for the left side, y pointing outwards, and mirrored for the right. Degrees and metres; the neutral
body stands straight, toes ahead, arms hanging, thumbs ahead. The keys of a pose are listed in README.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from body import Body

from figures.turns import (
    Array,
    X,
    Y,
    Z,
    about,
    between,
    euler,
    frame,
    hinge,
    part,
    rx,
    ry,
    rz,
    swing,
    twist,
    unit,
    wrap,
)

Pose = dict[str, Any]
SIDES = {"L": 1.0, "R": -1.0}
SPINE = {  # share of bending forwards, sideways and of turning
    "spine05": (0.12, 0.10, 0.05),
    "spine04": (0.26, 0.20, 0.10),
    "spine03": (0.26, 0.25, 0.15),
    "spine02": (0.20, 0.25, 0.35),
    "spine01": (0.16, 0.20, 0.35),
}
JOINTS = {"hip": "upperleg01", "kn": "lowerleg01", "an": "foot", "ball": "toe2-1", "toe": "toe2-3",
          "sh": "upperarm01", "el": "lowerarm01", "wr": "wrist", "hand": "finger3-1"}  # fmt: skip
MIDDLE = {"pelvis": "root", "waist": "spine04", "chest": "spine02", "neck": "neck01", "head": "head"}
TOE_FAN = (-1.3, -0.35, 0.2, 0.7, 1.25)
FINGER_FAN = (-1.0, -0.3, 0.4, 1.1)
CURL = (0.95, 1.2, 0.85)  # share of each joint of a finger
REACH = 0.9996
HAND_M = 0.075  # from the wrist to the middle of the palm
UNDER_HAND_M = 0.045  # half its width


@dataclass
class Placed:
    """The skeleton in a pose: ``skin`` (B, 3, 3) turns rest vertices, ``at`` (B, 3) are joints, ``measures`` what came out."""

    body: Body
    skin: Array
    at: Array
    measures: dict[str, float] = field(default_factory=dict)

    def joint(self, name: str) -> Array:
        """``kn.L``, ``chest`` and the like."""
        head, _, side = name.partition(".")
        return self.at[self.body.bone(f"{JOINTS[head]}.{side}" if side else MIDDLE[head])]


class Rig:
    """A body with its neutral frames: ``place`` poses it."""

    def __init__(self, body: Body, palm_m: float = 0.032) -> None:
        self.body, self.palm_m = body, palm_m
        self.neutral = np.repeat(np.eye(3)[None], len(body.names), 0)
        self.lengths: dict[str, tuple[float, float, float, float]] = {}
        self.forearm_twist: dict[str, float] = {}
        self.bare = np.flatnonzero(body.share("upperarm", "lowerarm", "wrist", "finger", "metacarpal") < 0.05)
        for side in SIDES:
            self._rest_leg(side)
            self._rest_arm(side)

    def _rest_leg(self, s: str) -> None:
        hip, knee, ankle = (self.body.joint(f"{n}.{s}") for n in ("upperleg01", "lowerleg01", "foot"))
        self._set(("upperleg01", "upperleg02"), s, frame(knee - hip, X))
        self._set(("lowerleg01", "lowerleg02"), s, frame(ankle - knee, X))
        shoulder, elbow, wrist = (self.body.joint(f"{n}.{s}") for n in ("upperarm01", "lowerarm01", "wrist"))
        pairs = ((hip, knee), (knee, ankle), (shoulder, elbow), (elbow, wrist))
        self.lengths[s] = tuple(float(np.linalg.norm(b - a)) for a, b in pairs)  # type: ignore[assignment]

    def _rest_arm(self, s: str) -> None:
        shoulder, elbow, wrist = (self.body.joint(f"{n}.{s}") for n in ("upperarm01", "lowerarm01", "wrist"))
        upper, fore = unit(elbow - shoulder), unit(wrist - elbow)
        self._set(("upperarm01", "upperarm02"), s, frame(upper, fore - upper * (fore @ upper)))
        self._set(("lowerarm01", "lowerarm02"), s, frame(fore, fore * (fore @ upper) - upper))
        knuckle = {k: self.body.joint(f"finger{k}-1.{s}") for k in (2, 3, 4, 5)}
        along, thumbwards = 0.25 * (knuckle[2] + knuckle[4]) + 0.5 * knuckle[3] - wrist, knuckle[2] - knuckle[5]
        hand = frame(along, thumbwards)
        self._set(("wrist", "metacarpal", "finger"), s, hand)
        for k in (2, 3, 4, 5):
            for j in (1, 2, 3):
                bent = frame(self._finger_along(k, j, s), thumbwards).T @ hand
                self._set((f"finger{k}-{j}",), s, hand @ part(bent, 0.8).T)
        fore_neutral = self.neutral[self.body.bone(f"lowerarm01.{s}")]
        self.forearm_twist[s] = twist(fore_neutral @ hand)

    def _finger_along(self, k: int, j: int, s: str) -> Array:
        bone = self.body.bone(f"finger{k}-{j}.{s}")
        if j < 3:
            return self.body.joint(f"finger{k}-{j + 1}.{s}") - self.body.joints[bone]
        tip = self.body.vertices[self.body.weights[:, bone] > 0.5] - self.body.joints[bone]
        return tip[np.argmax(np.linalg.norm(tip, axis=1))]

    def _set(self, starts: tuple[str, ...], s: str, rest: Array) -> None:
        self.neutral[self.body.bones(*starts, side=f".{s}")] = rest.T

    def place(self, pose: Pose) -> Placed:
        return _Placing(self, pose).run()


class _Placing:
    """One pose on one rig, bone by bone from the pelvis outwards."""

    def __init__(self, rig: Rig, pose: Pose) -> None:
        self.rig, self.pose, self.body = rig, pose, rig.body
        n = len(self.body.names)
        self.skin, self.at = np.repeat(np.eye(3)[None], n, 0), np.zeros((n, 3))
        self.found: dict[str, float] = {}

    def run(self) -> Placed:
        pelvis = self.pose.get("pelvis", {})
        hips = (
            rz(pelvis.get("yaw", 0))
            @ ry(pelvis.get("pitch", 0))
            @ rx(pelvis.get("roll", 0))
            @ rz(pelvis.get("turn", 0))
        )
        self.at[0] = [pelvis.get("x", 0), pelvis.get("y", 0), pelvis.get("z", self.body.joints[0, 2])]
        self.put("root", hips)
        chest = self._trunk(hips)
        for s in SIDES:
            self._leg(s, hips)
        for s in SIDES:  # one hand may hold the other shoulder
            self._girdle({}, s, chest, -Z)
        for s in SIDES:
            self._arm(s, chest)
        placed = Placed(self.body, self.skin, self.at, self.found)
        for name in [f"{j}.{s}" for j in JOINTS for s in SIDES] + list(MIDDLE):
            for axis, value in zip("xyz", placed.joint(name), strict=True):
                self.found[f"{name}_{axis}"] = float(value)
        return placed

    def put(self, name: str, turn: Array) -> int:
        """Turn a bone (world, from neutral) where its parent carries it."""
        i = self.body.bone(name)
        self.skin[i] = turn @ self.rig.neutral[i]
        parent = self.body.parents[i]
        if i > 0:
            self.at[i] = self.at[parent] + self.skin[parent] @ (self.body.joints[i] - self.body.joints[parent])
        return i

    def follow(self, name: str, parent: str, straight: Array) -> None:
        """Mid-limb bones lie beside the limb's axis: place them (and what follows) as if the limb were not twisted."""
        i, p = self.body.bone(name), self.body.bone(parent)
        self.at[i] = self.at[p] + straight @ self.rig.neutral[p] @ (self.body.joints[i] - self.body.joints[p])

    def _trunk(self, hips: Array) -> Array:
        spine, neck, turn = self.pose.get("spine", {}), self.pose.get("neck", {}), hips
        flex, side, yaw = (spine.get(k, 0) for k in ("flex", "side", "twist"))
        for name, (f, b, t) in SPINE.items():
            upper = name in ("spine01", "spine02")
            extra = spine.get("thoracic", 0) / 2 if upper else spine.get("lumbar", 0) / 3
            turn = turn @ ry(flex * f + extra) @ rx(-side * b) @ rz(yaw * t)
            self.put(name, turn)
        head = turn
        for name in ("neck01", "neck02", "neck03", "head"):
            head = head @ ry(neck.get("flex", 0) / 4) @ rx(-neck.get("side", 0) / 4) @ rz(neck.get("twist", 0) / 4)
            self.put(name, head)
        for s in SIDES:
            self.put(f"eye.{s}", head)
        return turn

    def _spec(self, part_name: str, s: str, ways: tuple[str, str]) -> dict[str, Any]:
        """What both sides share, then what this side has of its own; a target and angles exclude each other."""
        own = self.pose.get(f"{s}.{part_name}", {})
        spec = {**self.pose.get(f"{part_name}s", {}), **own}
        target, angles = ways
        if angles in own and target not in own:
            spec.pop(target, None)
        return spec

    # ---- legs
    def _leg(self, s: str, hips: Array) -> None:
        spec, sign = self._spec("leg", s, ("foot", "hip")), SIDES[s]
        root = self.body.joints[0]
        hip = self.at[0] + hips @ (self.body.joint(f"upperleg01.{s}") - root)
        if "foot" in spec:
            thigh, shank, foot = self._leg_to_foot(spec, s, hip)
        else:
            flex, abduct, turn = spec.get("hip", (0, 0, 0))
            thigh = hips @ ry(-flex) @ rx(sign * abduct) @ rz(sign * turn)
            shank = thigh @ ry(spec.get("knee", 0))
            inward, yaw = rx(sign * spec.get("inv", 0)), rz(sign * spec.get("foot_turn", 0))
            foot = shank @ ry(-spec.get("ankle", 0)) @ inward @ yaw
        self._leg_bones(s, hips, hip, thigh, shank, foot)
        self._toes(spec, s, foot)
        self._leg_measures(s, hips.T @ thigh, thigh.T @ shank, shank.T @ foot)

    def _leg_to_foot(self, spec: dict[str, Any], s: str, hip: Array) -> tuple[Array, Array, Array]:
        sign, lift = SIDES[s], spec.get("heel_up", 0)
        yaw = rz(sign * spec.get("out", 0) + spec.get("face", 0))
        foot = yaw @ ry(lift) @ rx(sign * spec.get("foot_roll", 0))
        rest, ball = self.body.joint(f"foot.{s}"), self.body.joint(f"toe2-1.{s}")
        pivot = np.array([*ball[:2], ball[2]])
        base = np.array([spec["foot"][0], sign * spec["foot"][1], spec.get("z", 0)])
        ankle = base + yaw @ ((pivot - rest) * [1, 1, 0]) + [0, 0, pivot[2]] + foot @ (rest - pivot)
        reach = ankle - hip
        upper, lower = self.rig.lengths[s][:2]
        length = min(np.linalg.norm(reach), (upper + lower) * REACH)
        self.found[f"leg_short.{s}"] = float(np.linalg.norm(reach) - length)
        ahead = spec.get("knee_to")
        pole = (
            yaw @ rz(-sign * spec.get("knee_in", 0)) @ X
            if ahead is None
            else np.array(ahead, float) * [1, sign, 1]
        )
        along = unit(reach)
        axis = unit(np.cross(pole, along))
        forwards = np.cross(along, axis)
        forwards *= np.sign(forwards @ pole)
        near = (upper**2 + length**2 - lower**2) / (2 * upper * length)
        knee = hip + along * upper * near + forwards * upper * np.sqrt(max(0.0, 1 - near**2))
        return hinge(knee - hip, axis), hinge(hip + along * length - knee, axis), foot

    def _leg_bones(self, s: str, hips: Array, hip: Array, thigh: Array, shank: Array, foot: Array) -> None:
        relative = hips.T @ thigh
        turn = twist(relative)
        swung = relative @ rz(-turn)
        # The pelvis bone takes part of a deep bend, otherwise the buttock folds inside out.
        self.put(f"pelvis.{s}", hips @ part(swung, 0.38))
        self.at[self.put(f"upperleg01.{s}", hips @ part(swung, 0.82) @ rz(0.4 * turn))] = hip
        self.put(f"upperleg02.{s}", thigh)
        self.follow(f"upperleg02.{s}", f"upperleg01.{s}", thigh)
        self.at[self.put(f"lowerleg01.{s}", shank)] = hip - thigh[:, 2] * self.rig.lengths[s][0]
        ankle = self.at[self.body.bone(f"lowerleg01.{s}")] - shank[:, 2] * self.rig.lengths[s][1]
        self.put(f"lowerleg02.{s}", shank @ rz(0.5 * twist(shank.T @ foot)))
        self.follow(f"lowerleg02.{s}", f"lowerleg01.{s}", shank)
        self.at[self.put(f"foot.{s}", foot)] = ankle

    def _toes(self, spec: dict[str, Any], s: str, foot: Array) -> None:
        lifts = spec.get("toes", min(70, spec.get("heel_up", 0)))
        lifts = lifts if isinstance(lifts, list | tuple) else [lifts] * 5
        curl, fan = spec.get("curl", 0), spec.get("spread", 0)
        for k, (lift, share) in enumerate(zip(lifts, TOE_FAN, strict=True), 1):
            turn = foot @ rz(SIDES[s] * fan * share) @ ry(-lift)
            self.put(f"toe{k}-1.{s}", turn)
            for j in (2, 3) if k > 1 else (2,):
                turn = turn @ ry(curl * (0.5 if k == 1 else 1))
                self.put(f"toe{k}-{j}.{s}", turn)
        self.found[f"toes.{s}"] = max(lifts)

    def _leg_measures(self, s: str, hip: Array, knee: Array, ankle: Array) -> None:
        sign, down = SIDES[s], -hip[:, 2]
        self.found[f"hip_abd.{s}"] = float(np.degrees(np.arcsin(np.clip(sign * down[1], -1, 1))))
        sideways = abs(self.found[f"hip_abd.{s}"]) > 70
        self.found[f"hip_flex.{s}"] = 0.0 if sideways else float(np.degrees(np.arctan2(down[0], -down[2])))
        # Flexion, abduction, rotation fails near 90 degrees of abduction; swing and twist fails in deep flexion.
        turns = (float(euler(hip, "YXZ")[2]), twist(swing(down).T @ hip))
        self.found[f"hip_rot.{s}"] = sign * min(turns, key=abs)
        self.found[f"knee.{s}"] = float(wrap(euler(knee, "YXZ")[0]))
        bend = euler(ankle, "YXZ")
        self.found[f"ankle.{s}"], self.found[f"ankle_inv.{s}"] = -float(bend[0]), sign * float(bend[1])
        self.found[f"ankle_turn.{s}"] = sign * float(bend[2])

    # ---- arms
    def _arm(self, s: str, chest: Array) -> None:
        spec = self._spec("arm", s, ("hand", "elev"))
        if "hand" in spec or "at" in spec or "on" in spec:
            upper, fore, hand, turned = self._arm_to_hand(spec, s, chest)
        else:
            upper, fore, hand, turned = self._arm_by_angles(spec, s, chest)
        relative = chest.T @ upper
        lean = swing(-relative[:, 2])
        turn = twist(lean.T @ relative)
        shoulder = self.at[self.body.bone(f"upperarm01.{s}")].copy()
        elbow = shoulder - upper[:, 2] * self.rig.lengths[s][2]
        self.put(f"upperarm01.{s}", chest @ lean @ rz(0.55 * turn))
        self.put(f"upperarm02.{s}", upper)
        self.follow(f"upperarm02.{s}", f"upperarm01.{s}", upper)
        extra = wrap(turned - self.rig.forearm_twist[s])
        self.at[self.put(f"lowerarm01.{s}", fore @ rz(0.2 * extra))] = elbow
        self.put(f"lowerarm02.{s}", fore @ rz(0.7 * extra))
        self.follow(f"lowerarm02.{s}", f"lowerarm01.{s}", fore)
        self.at[self.put(f"wrist.{s}", hand)] = elbow - fore[:, 2] * self.rig.lengths[s][3]
        self._fingers(spec, s, hand)
        self.found[f"sh_rot.{s}"] = SIDES[s] * turn
        self.found[f"sh_elev.{s}"] = between(chest.T @ -upper[:, 2], -Z)

    def _girdle(self, spec: dict[str, Any], s: str, chest: Array, along: Array) -> Array:
        """Collar bone and shoulder blade follow the arm (unit vector in the chest's frame); gives the shoulder joint."""
        sign, elevation = SIDES[s], between(along, -Z)
        lift = np.clip(0.28 * (elevation - 42), -8, 36) + spec.get("shrug", 0)
        forwards = 14 * np.clip(along[0], -0.5, 1) * np.sin(np.radians(elevation)) + spec.get("protract", 0)
        self.put(f"clavicle.{s}", chest @ rz(-sign * forwards) @ rx(sign * lift * 0.75))
        self.put(f"shoulder01.{s}", chest @ rz(-sign * forwards) @ rx(sign * lift))
        return self.at[self.put(f"upperarm01.{s}", chest)].copy()

    def _arm_by_angles(self, spec: dict[str, Any], s: str, chest: Array) -> tuple[Array, Array, Array, float]:
        sign, plane = SIDES[s], np.radians(spec.get("plane", 0))
        sideways = np.array([np.sin(plane), sign * np.cos(plane), 0])
        lift = about(np.cross(-Z, sideways), spec.get("elev", 0) + 1e-6)
        upper = chest @ lift @ rz(sign * spec.get("rot", 0))
        self._girdle(spec, s, chest, chest.T @ -upper[:, 2])
        fore = upper @ ry(-spec.get("elbow", 0))
        turned = -sign * spec.get("pron", 0)
        self.found[f"elbow.{s}"] = spec.get("elbow", 0)
        self.found[f"pron.{s}"], self.found[f"wrist.{s}"] = spec.get("pron", 0), spec.get("wrist", 0)
        return upper, fore, self._hand_on(fore, turned, spec, s), turned

    def _hand_on(self, fore: Array, turned: float, spec: dict[str, Any], s: str) -> Array:
        return fore @ rz(turned) @ rx(SIDES[s] * spec.get("wrist", 0)) @ ry(spec.get("dev", 0))

    def _arm_to_hand(self, spec: dict[str, Any], s: str, chest: Array) -> tuple[Array, Array, Array, float]:
        sign = SIDES[s]
        goal = self._goal(spec, s, chest)
        upper_m, fore_m = self.rig.lengths[s][2:]
        pole = np.array(spec.get("elbow_to", (-1, 0.4, -0.3)), float) * [1, sign, 1]
        way = unit(goal - self.at[self.body.bone("spine01")])
        for _ in range(4):  # the shoulder follows the arm that follows the shoulder
            shoulder = self._girdle(spec, s, chest, chest.T @ way)
            reach = goal - shoulder
            length = min(np.linalg.norm(reach), (upper_m + fore_m) * REACH)
            along = unit(reach)
            axis = -unit(np.cross(pole, along))
            near = np.clip((upper_m**2 + length**2 - fore_m**2) / (2 * upper_m * length), -1, 1)
            out = unit(pole - along * (pole @ along))
            elbow = shoulder + along * upper_m * near + out * upper_m * np.sqrt(1 - near**2)
            way = unit(elbow - shoulder)
        self.found[f"arm_short.{s}"] = float(np.linalg.norm(reach) - length)
        upper, fore = hinge(way, axis), hinge(shoulder + along * length - elbow, axis)
        hand = self._hand_at_goal(spec, s, fore)
        turned, bend = twist(fore.T @ hand), euler(fore.T @ hand, "ZXY")
        self.found[f"elbow.{s}"] = between(way, -fore[:, 2])
        self.found[f"pron.{s}"], self.found[f"wrist.{s}"] = -sign * turned, sign * float(bend[1])
        return upper, fore, hand, turned

    def _goal(self, spec: dict[str, Any], s: str, chest: Array) -> Array:
        """Where the wrist goes: ``hand`` (x, y[, z]) in the room, an offset from a joint, ``at: [kn, x, y, z]``, or ``on`` the skin there.

        The side of the joint is the arm's own unless it is named (``kn.R``); offsets from the trunk turn with the chest.
        """
        sign = SIDES[s]
        if "on" in spec:
            return self._on_skin(spec, s, self._spot(spec["on"], s, chest))
        if "at" in spec:
            return self._spot(spec["at"], s, chest)
        x, y, *z = spec["hand"]
        return np.array([x, sign * y, z[0] if z else self.rig.palm_m])

    def _on_skin(self, spec: dict[str, Any], s: str, spot: Array) -> Array:
        """Where the wrist is when the palm lies on the skin (of legs, trunk or head) that is outermost over a spot."""
        palm, point = self._palm(spec, s)
        skin = self.body.skin(self.skin, self.at, self.rig.bare) - spot
        above = -skin @ palm
        beside = np.linalg.norm(skin + above[:, None] * palm, axis=1)
        near = (beside < UNDER_HAND_M) & (above > -0.05) & (above < 0.25)
        top = above[near].max() if near.any() else 0.0
        return spot - palm * (top + self.rig.palm_m) - point * HAND_M

    def _spot(self, where: list[Any], s: str, chest: Array) -> Array:
        name, *offset = where
        shift = np.array(offset, float) * [1, SIDES[s], 1]
        if name in MIDDLE:
            return self.at[self.body.bone(MIDDLE[name])] + chest @ shift
        joint, _, other = name.partition(".")
        return self.at[self.body.bone(f"{JOINTS[joint]}.{other or s}")] + shift

    def _hand_at_goal(self, spec: dict[str, Any], s: str, fore: Array) -> Array:
        sign = SIDES[s]
        on_floor = "hand" in spec and len(spec["hand"]) == 2
        if "palm" not in spec and not on_floor:
            return self._hand_on(fore, -sign * spec.get("pron", 0), spec, s)
        palm, point = self._palm(spec, s)
        return hinge(point, -sign * palm)

    def _palm(self, spec: dict[str, Any], s: str) -> tuple[Array, Array]:
        """Where the palm looks and the fingers point (unit vectors); down and ahead for a hand on the floor."""
        if "palm" not in spec:
            return -Z, rz(-SIDES[s] * spec.get("fingers", 0) + spec.get("face", 0)) @ X
        palm = unit(np.array(spec["palm"], float) * [1, SIDES[s], 1])
        point = np.array(spec["point"], float) * [1, SIDES[s], 1]
        return palm, unit(point - palm * (point @ palm))

    def _fingers(self, spec: dict[str, Any], s: str, hand: Array) -> None:
        """``curl`` bends the fingers (78 is a fist), the thumb comes along; ``fan`` spreads, ``thumb`` draws the thumb in."""
        lies = "on" in spec or "hand" in spec
        sign, curl, fan = SIDES[s], spec.get("curl", 2 if lies else 10), spec.get("fan", -2 if lies else -7)
        for name in (n for n in self.body.names if n.startswith("metacarpal") and n.endswith(s)):
            self.put(name, hand)
        draw_in, across = spec.get("thumb", 18 + 0.25 * curl), 8 + 0.5 * curl
        for k in range(1, 6):
            thumb = k == 1
            turn = hand @ (rz(sign * across) @ ry(draw_in) if thumb else ry(fan * FINGER_FAN[k - 2]))
            for j, share in zip((1, 2, 3), CURL, strict=True):
                if thumb and j > 1:
                    turn = turn @ ry(0.2 * curl)
                elif not thumb:
                    turn = turn @ rx(-sign * curl * share * (1 + 0.12 * (k - 3)))
                self.put(f"finger{k}-{j}.{s}", turn)


__all__ = ["SIDES", "Placed", "Pose", "Rig", "Y"]

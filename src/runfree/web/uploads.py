"""Films in: in resumable pieces from our script, or whole from a plain form."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Header, Path, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from runfree.app.uploads import MAX_BYTES, add_piece, finish_upload, resume_upload
from runfree.core.clip import Upload
from runfree.core.errors import RunfreeError
from runfree.journal import Journal
from runfree.web.access import may, new_router
from runfree.web.form_film import FilmOfForm
from runfree.web.kept import Kept
from runfree.web.pages import problem

router = new_router()
PIECE_BYTES = 16_000_000
_WRITE_BYTES = 1 << 20
_FORM_ROOM = 100_000
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
REFUSED: dict[int | str, dict[str, Any]] = {
    code: {"description": why}
    for code, why in (
        (400, "It cannot be taken"),
        (404, "It is not here"),
        (409, "It does not follow on what is here; ask for the offset"),
        (413, "Too large"),
        (503, "It cannot be written"),
    )
}


class NewUpload(BaseModel):
    """A film to come."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str = Field(max_length=1000)
    size: int


class WholeUpload(BaseModel):
    """What the sender knows of the whole film."""

    model_config = ConfigDict(extra="forbid")

    sha256: str = Field(pattern="^[0-9a-fA-F]{64}$")


@router.post("/api/uploads", status_code=201, responses=REFUSED)
@may("person")
def begin(journal: Kept, asked: NewUpload) -> dict[str, Any]:
    """Expect a film, or go on with one that stopped on its way."""
    return _told(journal, resume_upload(journal, asked.name, asked.size))


@router.get("/api/uploads/{upload_id}", responses=REFUSED)
@may("person")
def offset_of(journal: Kept, upload_id: Id) -> dict[str, Any]:
    """Say how much of it is here."""
    return _told(journal, journal.clips.upload(upload_id))


@router.patch("/api/uploads/{upload_id}", responses=REFUSED)
@may("person", body_bytes=PIECE_BYTES)
async def piece(
    request: Request,
    journal: Kept,
    upload_id: Id,
    offset: Annotated[int, Header(alias="Upload-Offset", ge=0, le=MAX_BYTES)],
) -> Response:
    """Add bytes from an offset on; what arrived before a cut stays."""
    upload = await run_in_threadpool(journal.clips.upload, upload_id)
    held = bytearray()
    try:
        async for data in request.stream():
            held += data
            if len(held) >= _WRITE_BYTES:
                offset = await run_in_threadpool(add_piece, journal, upload, offset, bytes(held))
                held.clear()
    except ClientDisconnect:
        return Response(status_code=400)
    offset = await run_in_threadpool(add_piece, journal, upload, offset, bytes(held))
    return JSONResponse({"id": upload.id, "size": upload.size, "offset": offset})


@router.post("/api/uploads/{upload_id}/whole", responses=REFUSED)
@may("person")
def whole(journal: Kept, upload_id: Id, told: WholeUpload) -> dict[str, str]:
    """Check the whole, keep it, and have it looked at."""
    clip = finish_upload(journal, journal.clips.upload(upload_id), told.sha256)
    return {"film": f"/films/{clip.id}"}


@router.delete("/api/uploads/{upload_id}", status_code=204, responses=REFUSED)
@may("person")
def give_up(journal: Kept, upload_id: Id) -> Response:
    """Give an upload up."""
    journal.clips.drop(journal.clips.upload(upload_id))
    return Response(status_code=204)


@router.post("/films", responses=REFUSED)
@may("person", body_bytes=MAX_BYTES + _FORM_ROOM)
async def plain_form(request: Request, journal: Kept) -> Response:
    """Take a film from a plain form, as it comes, without a copy in memory or elsewhere."""
    length = request.headers.get("content-length", "")
    taker = FilmOfForm(journal, request.headers.get("content-type", ""), int(length) if length.isdecimal() else 0)
    try:
        async for data in request.stream():
            await run_in_threadpool(taker.take, data)
        clip = await run_in_threadpool(taker.finish)
    except ClientDisconnect:
        await run_in_threadpool(taker.drop)
        return Response(status_code=400)
    except RunfreeError as error:
        await run_in_threadpool(taker.drop)
        return problem(request, 400, error)
    return RedirectResponse(f"/films/{clip.id}", 303)


def _told(journal: Journal, upload: Upload) -> dict[str, Any]:
    return {"id": upload.id, "size": upload.size, "offset": journal.clips.received(upload)}

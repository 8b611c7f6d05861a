/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_gateway_private.h"
#include "mf_link_private.h"
#include "mf_octets.h"
#include "mf_text.h"

/*
 * The update of a unit with one slot, which its loader takes (../LINK.md). The unit cannot check a
 * signature, and cannot go back: so the gateway has the whole file and has found it good before the
 * unit gives up the program that it runs, and keeps it, over a start of its own too, until the unit
 * runs it.
 */

#define FORMAT 0x314C474Du /* "MGL1" */
#define ACTIVATIONS 5u
#define IDLE_MS 1000u

static uint32_t
now32 (const struct mf_gateway *self)
{
  return (uint32_t)mf_gateway_update_now (self);
}

static void
send_frame (void *user, uint8_t *frame, size_t size)
{
  mf_link_put_aside (&((struct mf_gateway *)user)->link, frame, size);
}

/* It runs what it was given and is heard of next by its session, or has refused it and runs what it
 * had. */
static void
ended (void *user, enum mf_unit_status status)
{
  struct mf_gateway *self = user;

  if (status == MF_UNIT_DONE)
    mf_gateway_update_enter (self, MF_UPDATE_REBOOTING);
  else
    mf_gateway_update_fail (self, mf_gateway_update_words (status));
}

static const struct mf_loader_ops loader_ops = { send_frame, ended };

static bool
take_frame (void *user, const uint8_t *frame, size_t size)
{
  struct mf_gateway *self = user;

  return mf_loader_frame (&self->update.loader, now32 (self), frame, size);
}

void
mf_gateway_loader_init (struct mf_gateway *self)
{
  mf_loader_init (&self->update.loader, &loader_ops, self);
  self->link.aside = take_frame;
}

void
mf_gateway_trust (struct mf_gateway *self, const struct mf_image_keys *keys)
{
  self->trusted = keys;
}

/* --- what is kept --- */

static size_t
kept_size (const struct mf_gateway_kept *kept)
{
  return sizeof *kept - sizeof kept->file + kept->order.size;
}

static void
keep (struct mf_gateway *self)
{
  struct mf_gateway_kept *kept = &self->update.kept;

  kept->format = FORMAT;
  kept->size = (uint32_t)kept_size (kept);
  if (self->ops->keep != NULL)
    self->ops->keep (self->user, kept, kept->size);
}

static void
forget (struct mf_gateway *self)
{
  if (self->update.kept.size > 0 && self->ops->keep != NULL)
    self->ops->keep (self->user, NULL, 0);
  self->update.kept.size = 0;
}

/* --- the file --- */

static void
refuse (struct mf_gateway *self, enum mf_image_error error)
{
  char text[MF_UPDATE_ERROR_SIZE] = "";

  mf_text_append (text, sizeof text, mf_image_error_code (error));
  mf_text_append (text, sizeof text, ": ");
  mf_text_append (text, sizeof text, mf_image_error_text (error));
  mf_gateway_update_fail (self, text);
}

static void
hash (uint8_t out[MF_SHA256_SIZE], const uint8_t *bytes, size_t size)
{
  struct mf_sha256 state;

  mf_sha256_init (&state);
  mf_sha256_update (&state, bytes, size);
  mf_sha256_final (&state, out);
}

/* Whether the whole file is what was ordered, signed by somebody who is trusted, and for this unit;
 * else the update has failed. */
static bool
judge (struct mf_gateway *self)
{
  static const struct mf_image_keys nobody = { NULL, 0 };
  const struct mf_gateway_kept     *kept = &self->update.kept;
  const struct mf_image_target      target = { kept->unit.model,
                                               mf_image_hardware_revision (kept->unit.hardware),
                                               kept->security_counter,
                                               MF_GATEWAY_FILE - MF_IMAGE_HEADER_SIZE, 0 };
  struct mf_image                   image;
  enum mf_image_error               error;
  uint16_t                          wanted[3];
  uint8_t                           digest[MF_SHA256_SIZE];

  error =
    mf_image_accept (&image, kept->file, self->trusted != NULL ? self->trusted : &nobody, &target);
  if (error != MF_IMAGE_OK)
    {
      refuse (self, error);
      return false;
    }
  hash (digest, kept->file, kept->order.size);
  if (memcmp (digest, kept->order.sha256, sizeof digest) != 0 ||
      image.payload_size != kept->order.size - MF_IMAGE_HEADER_SIZE ||
      (mf_image_version_parse (wanted, kept->order.version) &&
       mf_image_version_compare (wanted, image.version) != 0))
    {
      mf_gateway_update_fail (self, "wrong-file: the image is another one than was ordered");
      return false;
    }
  hash (digest, kept->file + MF_IMAGE_HEADER_SIZE, image.payload_size);
  if (memcmp (digest, image.payload_sha256, sizeof digest) == 0)
    return true;
  refuse (self, MF_IMAGE_BAD_PAYLOAD);
  return false;
}

void
mf_gateway_loader_begin (struct mf_gateway *self)
{
  struct mf_gateway_update *update = &self->update;

  update->activations = 0;
  update->kept.size = 0;
  update->kept.unit = self->texts;
  update->kept.security_counter = self->security_counter;
  update->kept.order = update->order;
  if (update->order.size <= MF_IMAGE_HEADER_SIZE)
    mf_gateway_update_fail (self, "wrong-file: the file is shorter than an image");
  else if (update->order.size > sizeof update->kept.file)
    refuse (self, MF_IMAGE_TOO_LARGE);
}

void
mf_gateway_loader_feed (struct mf_gateway *self, struct mf_bytes piece)
{
  struct mf_gateway_update *update = &self->update;

  if (update->state != MF_UPDATE_DOWNLOADING)
    return;
  if (piece.size > update->order.size - update->at)
    piece.size = update->order.size - update->at; /* more than was asked for */
  memcpy (update->kept.file + update->at, piece.data, piece.size);
  update->at += (uint32_t)piece.size;
}

static void
download (struct mf_gateway *self)
{
  struct mf_gateway_update *update = &self->update;

  if (update->at < update->order.size)
    mf_gateway_update_fetch (self, update->at, update->order.size - update->at);
  else if (!update->fetching && judge (self))
    mf_gateway_update_got (self);
}

/* --- the unit --- */

void
mf_gateway_loader_load (struct mf_gateway *self)
{
  struct mf_gateway_update *update = &self->update;
  const struct mf_bytes     image = { update->kept.file, update->kept.order.size };
  uint8_t                   key[MF_LINK_KEY];

  if (!self->ops->key (self->user, mf_text_bytes (update->kept.unit.serial), key))
    {
      mf_gateway_update_fail (self, "no-transport: there is no key for this unit any more");
      return;
    }
  keep (self);
  mf_loader_load (&update->loader, now32 (self), image, key);
  mf_forget (key, sizeof key);
}

void
mf_gateway_loader_again (struct mf_gateway *self)
{
  mf_loader_stop (&self->update.loader);
  if (self->update.activations++ < ACTIVATIONS)
    {
      self->update.step = MF_UNIT_UPDATE_ACTIVATE;
      mf_gateway_update_enter (self, MF_UPDATE_INSTALLING);
    }
  else
    mf_gateway_update_fail (self, "flash-failed: the unit's loader does not answer");
}

void
mf_gateway_loader_end (struct mf_gateway *self)
{
  mf_loader_stop (&self->update.loader);
  forget (self);
}

uint32_t
mf_gateway_loader_step (struct mf_gateway *self)
{
  if (self->update.by_loader && self->update.state == MF_UPDATE_DOWNLOADING)
    download (self);
  /* While its program is there, the line is that one's. */
  return self->link.state == MF_LINK_UP ? IDLE_MS
                                        : mf_loader_step (&self->update.loader, now32 (self));
}

/* --- a start of the gateway's --- */

static bool
is_text (const char *text, size_t size)
{
  while (size > 0 && *text != '\0')
    {
      text++;
      size--;
    }
  return size > 0;
}

/* Whether it can be read; whether it is any good is judged as it was when it came. */
static bool
is_readable (const struct mf_gateway_kept *kept, size_t size)
{
  const struct mf_update_order  *order = &kept->order;
  const struct mf_gateway_texts *unit = &kept->unit;

  return kept->format == FORMAT && order->size > MF_IMAGE_HEADER_SIZE &&
         order->size <= sizeof kept->file && kept->size == size && kept_size (kept) == size &&
         is_text (unit->serial, sizeof unit->serial) && is_text (unit->model, sizeof unit->model) &&
         is_text (unit->hardware, sizeof unit->hardware) &&
         is_text (unit->firmware, sizeof unit->firmware) && is_text (order->id, sizeof order->id) &&
         is_text (order->url, sizeof order->url) && is_text (order->version, sizeof order->version);
}

void
mf_gateway_take_up (struct mf_gateway *self, struct mf_bytes bytes)
{
  struct mf_gateway_update *update = &self->update;
  struct mf_gateway_kept   *kept = &update->kept;

  if (update->state != MF_UPDATE_IDLE || bytes.size > sizeof *kept ||
      bytes.size < sizeof *kept - sizeof kept->file)
    return;
  memcpy (kept, bytes.data, bytes.size);
  if (!is_readable (kept, bytes.size))
    {
      forget (self);
      return;
    }
  kept->order.hold = false;
  update->order = kept->order;
  update->by_loader = true;
  update->at = kept->order.size;
  memcpy (update->from, kept->unit.firmware, sizeof update->from);
  mf_gateway_update_enter (self, MF_UPDATE_INSTALLING);
  if (judge (self))
    mf_gateway_loader_load (self);
}

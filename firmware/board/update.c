/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "board.h"

/*
 * The update agent of a serial unit with two slots. The file comes in order; its header is held in
 * memory, checked before anything is erased, and programmed last, so that what is in the slot is no
 * image until it is whole.
 */

#define TRIAL_MS 600000u /* an image that nobody confirms by then gives up */

static struct
{
  bool     open;     /* between BEGIN and FINISH */
  bool     finished; /* the slot holds an image that was checked */
  uint32_t size, at; /* of the file; the next byte that is wanted */
  uint32_t erased;   /* of the slot, from its start */
  uint32_t in_page;
  uint8_t  header[MF_IMAGE_HEADER_SIZE];
  uint8_t  page[MF_FLASH_PROGRAM_MAX];
} file;

static enum mf_unit_status
status_of (enum mf_image_error error)
{
  switch (error)
    {
    case MF_IMAGE_OK:
      return MF_UNIT_DONE;
    case MF_IMAGE_UNSIGNED:
    case MF_IMAGE_UNKNOWN_KEY:
    case MF_IMAGE_BAD_SIGNATURE:
      return MF_UNIT_SIGNATURE;
    case MF_IMAGE_WRONG_MODEL:
    case MF_IMAGE_WRONG_HARDWARE:
    case MF_IMAGE_WRONG_ADDRESS:
      return MF_UNIT_FOREIGN;
    case MF_IMAGE_ROLLED_BACK:
      return MF_UNIT_OLDER;
    case MF_IMAGE_TOO_LARGE:
      return MF_UNIT_TOO_LARGE;
    case MF_IMAGE_FLASH_FAILED:
      return MF_UNIT_FAILED;
    case MF_IMAGE_NOT_AN_IMAGE:
    case MF_IMAGE_MALFORMED:
    case MF_IMAGE_BAD_PAYLOAD:
    default:
      return MF_UNIT_CORRUPT;
    }
}

static const struct mf_flash *
spare_flash (void)
{
  return &board_boot_config.slots[1 - board_slot ()];
}

static enum mf_unit_status
begin (uint32_t size)
{
  file.open = file.finished = false;
  if (size <= MF_IMAGE_HEADER_SIZE)
    return MF_UNIT_CORRUPT;
  if (size > spare_flash ()->size)
    return MF_UNIT_TOO_LARGE;
  file.open = true;
  file.size = size;
  file.at = file.erased = file.in_page = 0;
  return MF_UNIT_DONE;
}

/* The header is whole: may this image run here? Only then is the slot given up. */
static enum mf_unit_status
judge (void)
{
  unsigned               spare = 1 - board_slot ();
  struct mf_boot         boot;
  struct mf_image        image;
  struct mf_image_target target;
  enum mf_image_error    error;

  if (!mf_boot_init (&boot, &board_boot_config))
    return MF_UNIT_FAILED;
  target = mf_boot_target (&boot, spare);
  error = mf_image_accept (&image, file.header, &board_boot_config.keys, &target);
  if (error == MF_IMAGE_OK && image.payload_size != file.size - MF_IMAGE_HEADER_SIZE)
    error = MF_IMAGE_BAD_PAYLOAD;
  if (error != MF_IMAGE_OK)
    return status_of (error);
  return mf_boot_clear (&boot, spare) ? MF_UNIT_DONE : MF_UNIT_NOT_NOW;
}

/* Programs the page that is full, at its place in the slot; `end` is where it ends there. */
static bool
write_page (uint32_t end)
{
  const struct mf_flash *flash = spare_flash ();
  uint32_t               start = end - file.in_page;

  memset (file.page + file.in_page, 0xFF, flash->program_size - file.in_page);
  file.in_page = 0;
  while (file.erased < start + flash->program_size)
    {
      if (!mf_flash_erase (flash, file.erased))
        return false;
      file.erased += flash->erase_size;
    }
  return mf_flash_program (flash, start, file.page, flash->program_size);
}

static enum mf_unit_status
take_byte (uint8_t byte)
{
  enum mf_unit_status status = MF_UNIT_DONE;

  if (file.at < MF_IMAGE_HEADER_SIZE)
    {
      file.header[file.at++] = byte;
      if (file.at == MF_IMAGE_HEADER_SIZE)
        status = judge ();
    }
  else
    {
      file.page[file.in_page++] = byte;
      file.at++;
      if (file.in_page == spare_flash ()->program_size && !write_page (file.at))
        status = MF_UNIT_FAILED;
    }
  if (status != MF_UNIT_DONE)
    file.open = false;
  return status;
}

static enum mf_unit_status
take (uint32_t offset, struct mf_bytes bytes)
{
  enum mf_unit_status status = MF_UNIT_DONE;
  size_t              at;

  if (!file.open || offset != file.at)
    return MF_UNIT_NOT_NOW;
  if (bytes.size > file.size - file.at)
    return MF_UNIT_TOO_LARGE;
  for (at = 0; at < bytes.size && status == MF_UNIT_DONE; at++)
    status = take_byte (bytes.data[at]);
  return status;
}

static enum mf_unit_status
finish (void)
{
  const struct mf_flash *flash = spare_flash ();
  struct mf_boot         boot;
  struct mf_image        image;
  enum mf_image_error    error;

  if (!file.open || file.at != file.size)
    return MF_UNIT_NOT_NOW;
  file.open = false;
  if ((file.in_page > 0 && !write_page (file.at)) ||
      !mf_flash_program (flash, 0, file.header, MF_IMAGE_HEADER_SIZE) ||
      !mf_boot_init (&boot, &board_boot_config))
    return MF_UNIT_FAILED;
  error = mf_boot_check (&boot, 1 - board_slot (), &image);
  file.finished = error == MF_IMAGE_OK;
  return status_of (error);
}

static enum mf_unit_status
activate (void)
{
  struct mf_boot boot;

  if (!file.finished)
    return MF_UNIT_NOT_NOW;
  return mf_boot_init (&boot, &board_boot_config) && mf_boot_set_pending (&boot, 1 - board_slot ())
           ? MF_UNIT_DONE
           : MF_UNIT_FAILED;
}

static enum mf_unit_status
confirm (void)
{
  uint8_t         header[MF_IMAGE_HEADER_SIZE];
  unsigned        running = board_slot ();
  struct mf_boot  boot;
  struct mf_image image;

  if (!mf_boot_init (&boot, &board_boot_config) ||
      !mf_flash_read (&board_boot_config.slots[running], 0, header, sizeof header) ||
      mf_image_parse (&image, header) != MF_IMAGE_OK)
    return MF_UNIT_FAILED;
  if (boot.states[running] == MF_SLOT_CONFIRMED)
    return MF_UNIT_DONE;
  return mf_boot_confirm (&boot, running, &image) ? MF_UNIT_DONE : MF_UNIT_FAILED;
}

void
board_boot_state (void *user, struct mf_unit_boot *out)
{
  struct mf_boot boot;

  (void)user;
  if (!mf_boot_init (&boot, &board_boot_config))
    return;
  out->can_update = MF_UNIT_UPDATED_BY_MESSAGES;
  out->slot = (uint8_t)board_slot ();
  out->state = (uint8_t)boot.states[out->slot];
  out->security_counter = boot.security_counter;
}

enum mf_unit_status
board_update (void                *user,
              enum mf_unit_message step,
              uint32_t             number,
              struct mf_bytes      bytes,
              uint32_t            *detail)
{
  enum mf_unit_status status = MF_UNIT_UNKNOWN;

  (void)user;
  if (step == MF_UNIT_UPDATE_BEGIN)
    status = begin (number);
  else if (step == MF_UNIT_UPDATE_DATA)
    status = take (number, bytes);
  else if (step == MF_UNIT_UPDATE_FINISH)
    status = finish ();
  else if (step == MF_UNIT_UPDATE_ACTIVATE)
    status = activate ();
  else if (step == MF_UNIT_UPDATE_CONFIRM)
    status = confirm ();
  else if (step == MF_UNIT_UPDATE_CANCEL)
    {
      file.open = file.finished = false;
      status = MF_UNIT_DONE;
    }
  *detail = file.at;
  return status;
}

void
board_watch_trial (void)
{
  static bool    looked, on_trial;
  struct mf_boot boot;

  if (!looked)
    {
      looked = true;
      on_trial =
        mf_boot_init (&boot, &board_boot_config) && boot.states[board_slot ()] == MF_SLOT_TRYING;
    }
  if (!on_trial || board_ms () < TRIAL_MS)
    return;
  on_trial = false;
  if (mf_boot_init (&boot, &board_boot_config) && boot.states[board_slot ()] == MF_SLOT_TRYING)
    board_reset (); /* the boot program takes the other one again */
}

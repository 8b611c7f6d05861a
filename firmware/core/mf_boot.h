/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_BOOT_H
#define MF_BOOT_H

#include "mf_image.h"

/*
 * Which of two images runs, and what is known of each. The boot program asks mf_boot_select(); the
 * image that runs tells mf_boot_confirm() that it works; the update agent says when a slot is about
 * to be overwritten, and when it holds something to try.
 *
 * What is known stands in records, each of which says everything: the newest whole one counts, so a
 * record that power tore is as if it had not been begun. They are appended in a region of two or
 * more erase units, used in turn; the unit that is erased is never the one with the newest record.
 *
 * Record, little-endian, 16 bytes (in a program unit of its own): u32 number; u8 state of slot 0;
 * u8 of slot 1; u8 active slot | tries left << 4; u8 0x5A; u32 security counter; u32 CRC-32 of the
 * twelve bytes.
 *
 * An image runs only when it is authentic, suits the model, the revision of the hardware and the
 * slot, and its security counter is not below the device's, which confirming an image raises to the
 * image's. Where the records are blank, as from the factory, the first slot with such an image is
 * taken as confirmed.
 */

#define MF_BOOT_SLOTS 2u
#define MF_BOOT_NONE MF_BOOT_SLOTS /* no slot */
#define MF_BOOT_TRIES 1u           /* how often an image may start without confirming */

enum mf_slot_state
{
  MF_SLOT_EMPTY,     /* nothing that may run, or being written */
  MF_SLOT_PENDING,   /* holds a checked image to be tried at the next start */
  MF_SLOT_TRYING,    /* was started, has not confirmed yet */
  MF_SLOT_CONFIRMED, /* works */
  MF_SLOT_REVERTED,  /* was started as often as it may, and did not confirm */
};

/* Set by the port; must live as long as the struct mf_boot. */
struct mf_boot_config
{
  struct mf_flash      records; /* at least two erase units */
  struct mf_flash      slots[MF_BOOT_SLOTS];
  uint32_t             load_addresses[MF_BOOT_SLOTS]; /* of the payloads; 0 = any will do */
  struct mf_image_keys keys;
  const char          *model;
  uint16_t             hardware_revision;
};

struct mf_boot
{
  const struct mf_boot_config *config;
  uint32_t                     number; /* of the newest record; 0 = none */
  uint32_t                     newest; /* where that stands */
  uint32_t                     end;    /* where the next goes */
  enum mf_slot_state           states[MF_BOOT_SLOTS];
  unsigned                     active; /* the slot confirmed last, or MF_BOOT_NONE */
  unsigned                     tries;  /* left, of a slot in TRYING */
  uint32_t                     security_counter;
};

/* Reads the records. False: they cannot be read. */
bool mf_boot_init (struct mf_boot *self, const struct mf_boot_config *config);

/* For the boot program alone, once per start: settles what the last start left, and returns the
 * slot to run, or MF_BOOT_NONE when neither holds an image that may: then the board waits to be
 * rescued by cable. `image` is what it will run. */
unsigned mf_boot_select (struct mf_boot *self, struct mf_image *image);

/* What a slot holds now: header, signature, suitability and payload. */
enum mf_image_error mf_boot_check (const struct mf_boot *self,
                                   unsigned              slot,
                                   struct mf_image      *image);

/* What is asked of an image for that slot. */
struct mf_image_target mf_boot_target (const struct mf_boot *self, unsigned slot);

/* The slot an update is written to: the one that does not run. */
unsigned mf_boot_spare (const struct mf_boot *self, unsigned running);

/* The changes; false: the records cannot be written, and the old state holds. Clearing comes before
 * the first erasure of the slot, and is refused while the other slot is not confirmed: one always
 * is. Pending, after its image was checked; confirm, of the slot that runs; revert, when it knows
 * itself that it does not work. */
bool mf_boot_clear (struct mf_boot *self, unsigned slot);
bool mf_boot_set_pending (struct mf_boot *self, unsigned slot);
bool mf_boot_confirm (struct mf_boot *self, unsigned slot, const struct mf_image *image);
bool mf_boot_revert (struct mf_boot *self, unsigned slot);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "mf_boot.h"

G_BEGIN_DECLS

/* The flash of a board with two slots, which counts its operations and loses power in the middle of
 * one: that unit is then torn (any of its bytes may be anything between old and new), and nothing
 * works any more until the power is back. It insists that a unit is programmed once between
 * erasures. */
typedef struct
{
  guint8               *memory; /* (owned): records, slot 0, slot 1, two pages of store */
  gsize                 size;
  struct mf_boot_config config;
  guint                 operations; /* erasures and programs since power came */
  guint                 cut_at;     /* the operation in which it fails; 0 = none */
  gboolean              off;
  GRand                *rand;                       /* (owned) */
  gpointer              regions[1 + MF_BOOT_SLOTS]; /* (owned) */
} MfTestFlash;

#define MF_TEST_MODEL "MN-1"
#define MF_TEST_HARDWARE 3u

MfTestFlash *mf_test_flash_new (guint32 slot_size, guint32 erase_size, guint32 program_size);
void         mf_test_flash_free (MfTestFlash *self);

/* Power is back. */
void mf_test_flash_power_on (MfTestFlash *self);

/* The seed that signs, and the key that the config trusts. */
extern const guint8 mf_test_seed[MF_ED25519_SEED_SIZE];

/* An image for this board, signed; `size` of payload made of `version`. */
GBytes *mf_test_image_new (guint16 version, guint32 counter, guint32 size);

/* The same with fields that the caller chose; `seed` NULL leaves it unsigned. */
GBytes *mf_test_image_build (const struct mf_image *fields,
                             GBytes                *payload,
                             const guint8          *seed,
                             const guint8          *second);

/* The store's pages, for a port; every write is an operation, and torn at some byte. */
#define MF_TEST_STORE_PAGE 4096u
bool mf_test_flash_store_read (MfTestFlash *self,
                               unsigned     page,
                               size_t       offset,
                               void        *data,
                               size_t       size);
bool mf_test_flash_store_write (MfTestFlash *self,
                                unsigned     page,
                                size_t       offset,
                                const void  *data,
                                size_t       size);
bool mf_test_flash_store_erase (MfTestFlash *self, unsigned page);

/* Writes an image as a programmer does: erased, then programmed. */
void mf_test_flash_write_image (MfTestFlash *self, unsigned slot, GBytes *image);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MfTestFlash, mf_test_flash_free)

G_END_DECLS

/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/http/muster-http-fetch.h"
#include "model/muster-label-secret.h"

G_BEGIN_DECLS

/* What goes wrong with one request. */
typedef enum
{
  MUSTER_TEST_FAULT_NONE,
  MUSTER_TEST_FAULT_LOSE_REQUEST, /* it never arrives */
  MUSTER_TEST_FAULT_LOSE_ANSWER,  /* the device did what was asked, its answer is lost */
  MUSTER_TEST_FAULT_CHANGE_ANSWER,
  MUSTER_TEST_FAULT_CUT_ANSWER,
  MUSTER_TEST_FAULT_RESTART, /* the device restarts first, and forgets its session */
  MUSTER_TEST_FAULT_REFUSE,  /* Result.ok is false */
} MusterTestFault;

/* A device to be adopted, by firmware/PAIRING.md, that answers in the process. */
#define MUSTER_TYPE_TEST_DEVICE (muster_test_device_get_type ())
G_DECLARE_FINAL_TYPE (MusterTestDevice, muster_test_device, MUSTER, TEST_DEVICE, MusterHttpFetch)

MusterTestDevice *muster_test_device_new (const char *serial);
/* The secret of its label: MUSTER_LABEL_SECRET_LENGTH bytes, and as text. Borrowed. */
const guint8 *muster_test_device_get_secret (MusterTestDevice *self);
const char   *muster_test_device_get_secret_text (MusterTestDevice *self);
/* The next COUNT requests for PATH go wrong by FAULT. */
void muster_test_device_set_fault (MusterTestDevice *self,
                                   const char       *path,
                                   MusterTestFault   fault,
                                   unsigned          count);
/* Its answer to GET /pair, instead of the right one; NULL: the right one. */
void muster_test_device_set_identity (MusterTestDevice *self, const char *json);
/* As if another site had adopted it, or its reset button was pressed (NULL). */
void muster_test_device_set_adopted (MusterTestDevice *self, const char *adoption_id);

/* NULL: it is free. */
const char *muster_test_device_get_adoption_id (MusterTestDevice *self);
const char *muster_test_device_get_username (MusterTestDevice *self);
const char *muster_test_device_get_password (MusterTestDevice *self);
/* How often credentials were written to its store. */
unsigned muster_test_device_count_stores (MusterTestDevice *self);
unsigned muster_test_device_count_requests (MusterTestDevice *self, const char *path);
/* The last body of POST /pair/2. */
GBytes *muster_test_device_get_last_letter (MusterTestDevice *self);

G_END_DECLS

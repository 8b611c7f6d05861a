/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* What clients of hawkBit's Direct Device Integration API say, read as leniently as they write it.
 * Knows nothing of records. */

#define MUSTER_DDI_MAX_MESSAGES 50
#define MUSTER_DDI_MAX_MESSAGE 512 /* bytes */
#define MUSTER_DDI_MAX_ATTRIBUTES 100
#define MUSTER_DDI_MAX_ATTRIBUTE 128 /* characters, of a name and of a value */

typedef enum
{
  MUSTER_DDI_CLOSED,
  MUSTER_DDI_PROCEEDING,
  MUSTER_DDI_CANCELED,
  MUSTER_DDI_SCHEDULED,
  MUSTER_DDI_REJECTED,
  MUSTER_DDI_RESUMED,
  MUSTER_DDI_DOWNLOAD,
  MUSTER_DDI_DOWNLOADED,
} MusterDdiExecution;

typedef enum
{
  MUSTER_DDI_SUCCESS,
  MUSTER_DDI_FAILURE,
  MUSTER_DDI_NONE,
} MusterDdiFinished;

typedef struct
{
  MusterDdiExecution execution;
  MusterDdiFinished  finished;
  int                progress; /* percent; -1: not told */
  gboolean           has_code;
  int                code;
  char             **messages; /* (owned): UTF-8 without control characters */
} MusterDdiFeedback;

/* Reads what a client says of an update. Members that are not known, and `id` and `time` of
 * whatever type, do not matter; texts with raw control characters or broken UTF-8 have them
 * replaced, and of a body that is no JSON even then what stands before its details counts.
 * MUSTER_ERROR_MALFORMED when it does not say `status.execution` and `status.result.finished`.
 * Clear SELF also after a failure. */
gboolean muster_ddi_feedback_parse (MusterDdiFeedback *self, GBytes *body, GError **error);
void     muster_ddi_feedback_clear (MusterDdiFeedback *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MusterDdiFeedback, muster_ddi_feedback_clear)

/* Whether somebody at the device agrees; MESSAGES (transfer full). MUSTER_ERROR_MALFORMED. */
gboolean muster_ddi_consent_parse (GBytes   *body,
                                   gboolean *is_given,
                                   char   ***messages,
                                   GError  **error);

/* A body of any of these as JSON, mended where it has to be; an object. (transfer full);
 * MUSTER_ERROR_MALFORMED. */
JsonNode *muster_ddi_body_parse (GBytes *body, GError **error);

/* What a device has of attributes (a JSON object of texts, nullable) after it sent BODY:
 * (transfer full). MUSTER_ERROR_MALFORMED for a mode that is not known, and for names and values
 * that are no texts or too long, or too many of them. */
char *muster_ddi_attributes_apply (const char *attributes, GBytes *body, GError **error);

/* "HH:MM:SS", at most a day: into BUFFER of 9 bytes. */
void muster_ddi_format_sleep (gint64 seconds, char *buffer);

G_END_DECLS

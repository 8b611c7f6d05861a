/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * MusterError:
 * @MUSTER_ERROR_FAILED: anything that no other code fits
 * @MUSTER_ERROR_MALFORMED: the input cannot be parsed at all (HTTP 400)
 * @MUSTER_ERROR_INVALID: fields are refused; see [func@Muster.error_get_fields] (HTTP 422)
 * @MUSTER_ERROR_UNAUTHORIZED: no token, or a bad one (HTTP 401)
 * @MUSTER_ERROR_FORBIDDEN: this role may not (HTTP 403)
 * @MUSTER_ERROR_NOT_FOUND: no such record or path (HTTP 404)
 * @MUSTER_ERROR_CONFLICT: wrong state, or already there (HTTP 409)
 * @MUSTER_ERROR_PRECONDITION: the record changed meanwhile (HTTP 412)
 * @MUSTER_ERROR_TOO_LARGE: the input exceeds a limit (HTTP 413)
 * @MUSTER_ERROR_UNSUPPORTED: the media type or method is not taken (HTTP 415)
 * @MUSTER_ERROR_RATE_LIMITED: too many attempts; try later (HTTP 429)
 * @MUSTER_ERROR_UNAVAILABLE: starting, stopping, or a part is missing; try later (HTTP 503)
 * @MUSTER_ERROR_TIMED_OUT: no answer in time (HTTP 504)
 * @MUSTER_ERROR_STORAGE_FULL: no space is left for the write (HTTP 507)
 * @MUSTER_ERROR_CORRUPT: stored data fails its checks; restore from a backup
 * @MUSTER_ERROR_SCHEMA_TOO_NEW: the data was written by a newer version
 * @MUSTER_ERROR_PROTOCOL: the other side broke its protocol
 *
 * What a caller can do differently. Messages are lower case without a full stop, the cause last
 * after ": ".
 */
typedef enum
{
  MUSTER_ERROR_FAILED,
  MUSTER_ERROR_MALFORMED,
  MUSTER_ERROR_INVALID,
  MUSTER_ERROR_UNAUTHORIZED,
  MUSTER_ERROR_FORBIDDEN,
  MUSTER_ERROR_NOT_FOUND,
  MUSTER_ERROR_CONFLICT,
  MUSTER_ERROR_PRECONDITION,
  MUSTER_ERROR_TOO_LARGE,
  MUSTER_ERROR_UNSUPPORTED,
  MUSTER_ERROR_RATE_LIMITED,
  MUSTER_ERROR_UNAVAILABLE,
  MUSTER_ERROR_TIMED_OUT,
  MUSTER_ERROR_STORAGE_FULL,
  MUSTER_ERROR_CORRUPT,
  MUSTER_ERROR_SCHEMA_TOO_NEW,
  MUSTER_ERROR_PROTOCOL,
} MusterError;

#define MUSTER_ERROR (muster_error_quark ())

GQuark muster_error_quark (void);

/**
 * MusterFieldError:
 * @pointer: JSON pointer of the refused member, for instance `/items/2/quantity`
 * @detail: what is wrong and how to mend it, for instance `must be at least 1`
 *
 * One refused field.
 */
typedef struct
{
  char *pointer;
  char *detail;
} MusterFieldError;

/* Every field that was refused, collected so that the caller learns all of them at once. */
typedef struct _MusterFieldErrors MusterFieldErrors;

MusterFieldErrors *muster_field_errors_new (void);
void               muster_field_errors_free (MusterFieldErrors *self);
void muster_field_errors_add (MusterFieldErrors *self, const char *pointer, const char *format, ...)
  G_GNUC_PRINTF (3, 4);
unsigned muster_field_errors_get_count (MusterFieldErrors *self);

/* FALSE with a MUSTER_ERROR_INVALID that carries the rows when there are any, else TRUE. */
gboolean muster_field_errors_check (MusterFieldErrors *self, GError **error);

/* Likewise with another code of the domain: MUSTER_ERROR_CONFLICT where the rows name what is in
 * the way, not what is wrong. */
gboolean muster_field_errors_check_as (MusterFieldErrors *self, MusterError code, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusterFieldErrors, muster_field_errors_free)

/* The rows of a MUSTER_ERROR_INVALID: (element-type MusterFieldError), borrowed, may be empty,
 * never NULL. */
GPtrArray *muster_error_get_fields (const GError *error);

/* For a MUSTER_ERROR_CONFLICT of a state machine: the nicks of the states allowed next, or NULL.
 * Borrowed. */
const char *const *muster_error_get_allowed (const GError *error);
void               muster_error_set_allowed (GError *error, const char *const *nicks);

/* Records in the way of what was asked (journal sequence numbers as text, say), or NULL. Borrowed.
 */
const char *const *muster_error_get_blockers (const GError *error);
void               muster_error_set_blockers (GError *error, const char *const *blockers);

/* For a MUSTER_ERROR_RATE_LIMITED or MUSTER_ERROR_UNAVAILABLE: in how many seconds to try again; 0
 * where nobody said. */
unsigned muster_error_get_retry_after (const GError *error);
void     muster_error_set_retry_after (GError *error, unsigned seconds);

G_END_DECLS

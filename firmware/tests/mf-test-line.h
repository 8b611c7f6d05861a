/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "mf_unit.h"

/* A unit and its gateway on a line that can be made bad, with a clock that the test turns. */

#define MF_TEST_LINE_METRICS 7u
#define MF_TEST_LINE_SAMPLES 32u
#define MF_TEST_LINE_PAYLOAD 128u

enum
{
  MF_TEST_LINE_TEMPERATURE, /* float, every second */
  MF_TEST_LINE_COUNT,       /* UInt32, every five seconds, deadband 10 */
  MF_TEST_LINE_RELAY,       /* Boolean, writable */
  MF_TEST_LINE_LEVEL,       /* UInt8, writable, 0..100 */
  MF_TEST_LINE_MORE,        /* three UInt32, when asked */
};

typedef struct
{
  struct mf_unit        unit;
  struct mf_unit_state  states[MF_TEST_LINE_METRICS];
  struct mf_unit_config configs[MF_TEST_LINE_METRICS];
  struct mf_unit_sample samples[MF_TEST_LINE_SAMPLES];
  struct mf_link        gateway;
  guint8                buffers[4][MF_LINK_OVERHEAD + 512];
  GByteArray           *to_unit, *to_gateway; /* on the line */
  GByteArray           *heard;                /* all that ever came to the unit, for replays */
  GPtrArray            *messages;             /* GBytes that the gateway received */
  GHashTable           *records;              /* the unit's flash */
  guint32               now_ms;
  guint32               loss; /* one byte in so many is altered; 0 = none */
  gboolean              cut;  /* nothing passes */
  GRand                *rand;
  guint8                gateway_key[MF_LINK_KEY];
  gboolean              gateway_has_key;
  union mf_unit_value   channels[MF_TEST_LINE_METRICS];
  gboolean              silent; /* the sensors do not answer */
  gboolean              slow;   /* they are being measured, for ever */
  guint                 resets, delivered, ups;
  gboolean              blinking;
} MfTestLine;

extern const guint8 mf_test_line_key[MF_LINK_KEY];

MfTestLine *mf_test_line_new (gboolean provisioned);
void        mf_test_line_free (MfTestLine *self);

/* The unit starts anew, with what its flash holds. */
void mf_test_line_start_unit (MfTestLine *self);

/* Lets `ms` pass, in steps of 20. */
void mf_test_line_run (MfTestLine *self, guint32 ms);

/* Sends a request as soon as that is possible, and waits for its answer: the next message that is
 * no samples and no identity unasked. NULL: none within ten seconds. */
GBytes *mf_test_line_ask (MfTestLine *self, const void *request, gsize size);

/* What the fuzzer feeds: `data` as bytes of the line, as a frame that passes its CRC, as a request
 * within a session. */
int mf_test_line_fuzz (const uint8_t *data, size_t size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (MfTestLine, mf_test_line_free)

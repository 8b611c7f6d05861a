/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "ddi/muster-ddi-message.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check_messages (char **messages)
{
  if (g_strv_length (messages) > MUSTER_DDI_MAX_MESSAGES)
    g_error ("too many messages");
  for (char **message = messages; *message != NULL; message++)
    if (strlen (*message) > MUSTER_DDI_MAX_MESSAGE || !g_utf8_validate (*message, -1, NULL))
      g_error ("a message that is too long, or no UTF-8");
}

/* What a device sends to an update's paths. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) body = g_bytes_new (data, size);
  g_auto (MusterDdiFeedback) feedback = { 0 };
  g_auto (GStrv) messages = NULL;
  g_autofree char *attributes = muster_ddi_attributes_apply ("{\"a\":\"1\"}", body, NULL);
  g_autofree char *again =
    attributes != NULL ? muster_ddi_attributes_apply (attributes, body, NULL) : NULL;
  gboolean is_given;

  if (muster_ddi_feedback_parse (&feedback, body, NULL))
    {
      if (feedback.progress < -1 || feedback.progress > 100)
        g_error ("a progress of %d %%", feedback.progress);
      check_messages (feedback.messages);
    }
  if (muster_ddi_consent_parse (body, &is_given, &messages, NULL))
    check_messages (messages);
  return 0;
}

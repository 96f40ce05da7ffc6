/* SPDX-License-Identifier: MIT
 * The functions of this layer as a table, for the sessions. */
#include "smtp/sasl.h"

const smtp_sasl_suite *smtp_sasl_suite_all(void)
{
    static const smtp_sasl_suite suite = {
        sizeof suite,
        smtp_sasl_bytes,
        smtp_sasl_client_init,
        smtp_sasl_server_init,
        smtp_sasl_client_init_plugin,
        smtp_sasl_server_init_plugin,
        smtp_sasl_step,
        smtp_sasl_asked,
        smtp_sasl_answered,
        smtp_sasl_identity,
        smtp_sasl_server_proved,
        smtp_sasl_end,
    };
    return &suite;
}

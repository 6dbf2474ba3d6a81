/** What all AWS services have in common: clients fit for a disaster, sites as regions, errors. */
package io.drkit.aws;

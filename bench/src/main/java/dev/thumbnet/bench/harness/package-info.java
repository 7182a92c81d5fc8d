/**
 * What every comparison beside JMH shares: options of the command line, starts of processes of
 * which a stopped run makes only those that miss, contenders that agree and take turns, medians and
 * scatter, facts about the machine, raw figures as JSON, tables made of them.
 */
package dev.thumbnet.bench.harness;
